/** Bytes that lie within others: what looks through millions of records makes no view of each. */
export interface ByteRange {
  readonly memory: Uint8Array;
  readonly start: number;
  /** Behind the last one. */
  readonly end: number;
}

export function wholeOf(memory: Uint8Array): ByteRange {
  return { memory, start: 0, end: memory.length };
}

/** What a lock file says: who holds the data folder, and where it answers. */

/** Raised when an older version could misread a lock. */
export const lockFormat = 1;

export interface LockRecord {
  readonly format: number;
  /** Names the holder; whoever can read it may use the admin routes. */
  readonly nonce: string;
  readonly pid: number;
  /** Of the machine's start and of the process numbers' space; empty where they cannot be told. */
  readonly bootId: string;
  readonly pidSpace: string;
  readonly version: string;
  /** `http://127.0.0.1:4567`; empty until the holder answers. */
  readonly endpoint: string;
  /** Counts up each second. */
  readonly heartbeat: number;
}

/** A lock file has always this size, so that it can be written over in place. */
export const lockFileBytes = 1024;

const utf8 = new TextEncoder();

/** JSON in UTF-8, filled up with blanks and a line end. */
export function encodeLock(record: LockRecord): Uint8Array {
  const bytes = new Uint8Array(lockFileBytes).fill(0x20);
  bytes.set(utf8.encode(JSON.stringify(record)).subarray(0, lockFileBytes - 1));
  bytes[lockFileBytes - 1] = 0x0a;
  return bytes;
}

/** Undefined for a file that is no lock of ours. */
export function decodeLock(bytes: Uint8Array): LockRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const record = (value ?? {}) as Partial<LockRecord>;
  if (typeof record.nonce !== 'string' || typeof record.format !== 'number') return undefined;
  return {
    format: record.format,
    nonce: record.nonce,
    pid: Number(record.pid ?? 0),
    bootId: String(record.bootId ?? ''),
    pidSpace: String(record.pidSpace ?? ''),
    version: String(record.version ?? ''),
    endpoint: String(record.endpoint ?? ''),
    heartbeat: Number(record.heartbeat ?? 0),
  };
}

/**
 * The records of a stream in the order in which they arrived, whichever shards they are of: each shard's
 * list is read on its own, a piece at a time, and the oldest of what comes next is next.
 */
import { type FileBytes, JsonCursor, parsed } from './jsonCursor.ts';
import type { KeptRecords } from './kinesisLocalFile.ts';
import { type KeptRecord, keptRecord, recordTextBytesMax } from './kinesisLocalRecord.ts';
import type { KeptShard } from './kinesisLocalShard.ts';

/** Of the pieces of all shards together. */
const windowsBytesMax = 32 * 1024 ** 2;
const chunkBytes = { min: 2 * 1024, max: 256 * 1024 };

/** The next record of one shard. */
interface Head {
  readonly from: KeptRecords;
  /** Absent before the first has been read. */
  readonly cursor?: JsonCursor;
  readonly timeMs: number;
  readonly at: number;
  readonly length: number;
  /** A long one is read again when it is its turn: there may be one of each shard. */
  readonly record?: KeptRecord | undefined;
}

export interface PlacedRecord {
  readonly shard: KeptShard;
  readonly record: KeptRecord;
  /** Bytes that it takes in the file. */
  readonly length: number;
}

/** Throws FileMistake when the file is not what it was. */
export async function* mergedRecords(
  file: FileBytes,
  lists: readonly KeptRecords[],
): AsyncGenerator<PlacedRecord> {
  const share = Math.floor(windowsBytesMax / Math.max(1, lists.length));
  const bytes = Math.max(chunkBytes.min, Math.min(chunkBytes.max, share));
  const heads = new Heap();
  for (const from of lists) heads.push({ from, timeMs: from.firstMs, at: 0, length: 0 });
  for (let head = heads.pop(); head; head = heads.pop()) {
    if (head.cursor) {
      const record = head.record ?? (await readAgain(file, head));
      yield { shard: head.from.shard, record, length: head.length };
    }
    const next = await following(file, { head, bytes });
    if (next) heads.push(next);
  }
}

async function following(
  file: FileBytes,
  { head, bytes }: { head: Head; bytes: number },
): Promise<Head | undefined> {
  const { from } = head;
  const cursor = head.cursor ?? new JsonCursor(file, { from: from.from, chunkBytes: bytes });
  if (!(await cursor.item())) return undefined;
  const what = 'a record';
  const { value, at, length } = await cursor.value({ bytesMax: recordTextBytesMax, what });
  const record = keptRecord(value);
  const { timeMs } = record;
  return { from, cursor, timeMs, at, length, record: length > bytes ? undefined : record };
}

async function readAgain(file: FileBytes, { at, length }: Head): Promise<KeptRecord> {
  const bytes = new Uint8Array(length);
  const read = await file.read(bytes, at);
  return keptRecord(parsed(bytes.subarray(0, read), at));
}

/** The oldest first; of one time, the lower shard. */
class Heap {
  private readonly heads: Head[] = [];

  push(head: Head): void {
    const { heads } = this;
    let at = heads.length;
    heads.push(head);
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (!isBefore(head, heads[above]!)) break;
      heads[at] = heads[above]!;
      at = above;
    }
    heads[at] = head;
  }

  pop(): Head | undefined {
    const { heads } = this;
    const first = heads[0];
    const last = heads.pop();
    if (last && heads.length > 0) this.sink(last);
    return first;
  }

  private sink(head: Head): void {
    const { heads } = this;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heads.length) break;
      if (below + 1 < heads.length && isBefore(heads[below + 1]!, heads[below]!)) below += 1;
      if (!isBefore(heads[below]!, head)) break;
      heads[at] = heads[below]!;
      at = below;
    }
    heads[at] = head;
  }
}

const isBefore = (a: Head, b: Head): boolean =>
  a.timeMs - b.timeMs < 0 || (a.timeMs === b.timeMs && a.from.shard.index < b.from.shard.index);

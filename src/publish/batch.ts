/** Records on their way: those put again come first, then new ones, within one call's bounds. */
import { MIB, putRecordsEntriesMax } from '../kinesis/limits.ts';
import type { PublishRecord } from './document.ts';

/** A record and how often it was put. */
export interface Entry {
  readonly record: PublishRecord;
  attempts: number;
}

/** Half of what PutRecords takes: older endpoints stop at 5 MiB. One larger record goes alone. */
export const batchBytesMax = 5 * MIB;

export type Source = AsyncIterator<PublishRecord> | Iterator<PublishRecord>;

const keyBytes = 4;
const bytesOf = ({ record }: Entry): number =>
  record.data.length + keyBytes * record.partitionKey.length;

/** Holds what must be put again and one record read ahead, nothing else of the source. */
export class Intake {
  private readonly source: Source;
  private waiting: Entry[] = [];
  private isDone = false;
  /** What the source threw: told once all that came before it is on its way. */
  private broken: { readonly reason: unknown } | undefined;
  /** Records taken from the source. */
  taken = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /** True when nothing is left to put. */
  get isEmpty(): boolean {
    return this.isDone && !this.broken && this.waiting.length === 0;
  }

  /** Takes out what must be put again; returns how many these were. */
  dropWaiting(): number {
    return this.waiting.splice(0).length;
  }

  /** Puts entries back in front, in their order, so that records of one key keep theirs. */
  giveBack(entries: readonly Entry[]): void {
    this.waiting = [...entries, ...this.waiting];
  }

  /** At most `entriesMax` records, of which at most `newMax` are new. May be empty. Rejects when the source did. */
  async next({ entriesMax, newMax }: { entriesMax: number; newMax: number }): Promise<Entry[]> {
    const batch: Entry[] = [];
    const lanes = new Set<string>();
    const countMax = Math.min(entriesMax, putRecordsEntriesMax);
    let bytes = 0;
    let room = newMax;
    while (batch.length < countMax) {
      const isNew = this.waiting.length === 0;
      if (isNew && (room <= 0 || !(await this.read()))) break;
      if (isNew) room--;
      const [entry] = this.waiting as [Entry];
      const size = bytesOf(entry);
      if (batch.length > 0 && bytes + size > batchBytesMax) break;
      const its = entry.record.lanes ?? [];
      if (its.some((lane) => lanes.has(lane))) break;
      for (const lane of its) lanes.add(lane);
      bytes += size;
      batch.push(this.waiting.shift()!);
    }
    if (batch.length === 0 && this.broken) throw this.broken.reason;
    return batch;
  }

  /** True when something is left of the source; reads one record at most. */
  async hasMore(): Promise<boolean> {
    return this.waiting.length > 0 || (await this.read());
  }

  /** Lets the source go, a file that it holds open included. */
  async close(): Promise<void> {
    if (!this.isDone) await this.source.return?.();
    this.isDone = true;
  }

  private async read(): Promise<boolean> {
    if (this.isDone) return false;
    const value = await this.pull();
    if (value === undefined) this.isDone = true;
    else {
      this.taken++;
      this.waiting.push({ record: value, attempts: 0 });
    }
    return value !== undefined;
  }

  private async pull(): Promise<PublishRecord | undefined> {
    try {
      const { done, value } = await this.source.next();
      return done ? undefined : value;
    } catch (reason) {
      this.broken = { reason };
      return undefined;
    }
  }
}

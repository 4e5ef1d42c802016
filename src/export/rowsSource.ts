/** The records that a tail holds as the source of an export. */
import type { HeldRecords } from '../tail/heldRecords.ts';
import type { ExportSource } from './exporter.ts';
import type { ExportedRecord } from './record.ts';

export class RowsSource implements ExportSource {
  readonly waiting = undefined;
  readonly warnings: readonly string[] = [];
  private readonly held: HeldRecords;
  private isClosed = false;
  private lastMs: number | undefined;

  constructor(held: HeldRecords) {
    this.held = held;
  }

  get total(): number {
    return this.held.total;
  }

  get dropped(): number {
    return this.held.dropped;
  }

  /** When the last one arrived. */
  get reachedMs(): number | undefined {
    return this.lastMs;
  }

  async next(): Promise<readonly ExportedRecord[] | undefined> {
    const records = this.isClosed ? undefined : this.held.next();
    this.lastMs = records?.at(-1)?.arrivedMs ?? this.lastMs;
    return records;
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Writes records of any source into a file, as whole lines, a slice of work at a time; says how far it is. */
import { type Clock, delay } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { ExportFormat, ExportProgress, ExportResult } from '../protocol/export.ts';
import type { ExportedRecord } from './record.ts';
import type { RecordFilter } from './recordFilter.ts';
import { headOf, lineOf } from './recordLines.ts';

/** Where records come from; it reads on while some wait to be taken, within its own bounds. */
export interface ExportSource {
  /** The next records in their order; undefined when there are no more. May reject. */
  next(): Promise<Iterable<ExportedRecord> | undefined>;
  /** How many there are, where that is known beforehand. */
  readonly total?: number | undefined;
  readonly dropped: number;
  readonly reachedMs: number | undefined;
  readonly waiting: string | undefined;
  readonly warnings: readonly string[];
  /** Reads no more; `next` then resolves. */
  close(): void;
}

export interface ExportSink {
  /** Resolves once the bytes are in the file, all of them, or rejects. */
  write(bytes: Uint8Array): Promise<void>;
}

export interface ExportParts {
  readonly source: ExportSource;
  readonly sink: ExportSink;
  readonly filter: RecordFilter;
  readonly format: ExportFormat;
  readonly clock: Clock;
  /** Aborting ends it after the write under way. */
  readonly signal: AbortSignal;
  progress(progress: Omit<ExportProgress, 'job'>): void;
}

const progressMs = 500;
/** Others of the thread get their turn after so long. */
const sliceMs = 10;
/** Records that are looked at together. */
const sliceRecordsMax = 1000;
/** Characters of whole lines that are written together; one line may be longer. */
export const chunkCharactersMax = 512 * 1024;

const utf8 = new TextEncoder();

export class Exporter {
  private readonly parts: ExportParts;
  private records = 0;
  private bytes = 0;
  private looked = 0;
  private sliceBeganMs = 0;
  /** Lines that are not written yet. */
  private lines = '';
  private lineCount = 0;

  constructor(parts: ExportParts) {
    this.parts = parts;
  }

  /** Never rejects: what went wrong is in the result, with what is in the file nevertheless. */
  async run(): Promise<ExportResult> {
    const { signal, source } = this.parts;
    const close = (): void => source.close();
    signal.addEventListener('abort', close, { once: true });
    // An abort of before is not told any more.
    if (signal.aborted) close();
    const telling = new AbortController();
    void this.tellAgain(telling.signal);
    try {
      return this.result(...(await this.write()));
    } finally {
      telling.abort();
      signal.removeEventListener('abort', close);
      close();
    }
  }

  private async write(): Promise<[end: ExportResult['end'], failure?: string]> {
    const { signal, format } = this.parts;
    let failure: string | undefined;
    try {
      this.lines = headOf(format);
      await this.takeAll();
    } catch (thrown) {
      failure = messageOf(thrown);
    }
    try {
      if (!signal.aborted) await this.flush();
    } catch (thrown) {
      failure ??= messageOf(thrown);
    }
    if (signal.aborted) return ['cancelled'];
    return failure === undefined ? ['done'] : ['failed', failure];
  }

  private async takeAll(): Promise<void> {
    const { source, signal, clock } = this.parts;
    this.sliceBeganMs = clock.monotonic();
    for (;;) {
      const records = await source.next();
      if (!records || signal.aborted) return;
      let slice: ExportedRecord[] = [];
      for (const record of records) {
        slice.push(record);
        if (slice.length < sliceRecordsMax) continue;
        await this.take(slice);
        slice = [];
      }
      await this.take(slice);
    }
  }

  private async take(records: readonly ExportedRecord[]): Promise<void> {
    const { filter, format, signal } = this.parts;
    for (let at = 0; at < records.length && !signal.aborted; ) {
      const chosen = filter.choose(at === 0 ? records : records.slice(at), sliceMs);
      for (const isChosen of chosen) {
        const record = records[at++]!;
        this.looked++;
        if (!isChosen) continue;
        this.lines += lineOf(format, record);
        this.lineCount++;
        if (this.lines.length >= chunkCharactersMax) await this.flush();
        if (signal.aborted) return;
      }
      await this.letOthers();
    }
  }

  private async letOthers(): Promise<void> {
    const { clock, signal } = this.parts;
    if (clock.monotonic() - this.sliceBeganMs < sliceMs) return;
    await delay(clock, 0, signal);
    this.sliceBeganMs = clock.monotonic();
  }

  private async flush(): Promise<void> {
    if (this.lines === '') return;
    const { lineCount } = this;
    const bytes = utf8.encode(this.lines);
    this.lines = '';
    this.lineCount = 0;
    await this.parts.sink.write(bytes);
    this.bytes += bytes.length;
    this.records += lineCount;
  }

  private async tellAgain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(this.parts.clock, progressMs, signal);
      if (!signal.aborted) this.tell();
    }
  }

  private tell(): void {
    const { source, progress } = this.parts;
    const { total, reachedMs, waiting } = source;
    const { records, bytes, looked } = this;
    progress({ records, bytes, looked, total, reachedMs, waiting });
  }

  private result(end: ExportResult['end'], failure?: string): ExportResult {
    const { dropped, warnings } = this.parts.source;
    const { records, bytes } = this;
    return { end, failure, records, bytes, dropped, warnings: [...warnings] };
  }
}

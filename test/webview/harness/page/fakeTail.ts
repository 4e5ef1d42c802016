/** A tail that does what a test says: its rows, its filter, its state. */

import type { SeekAsked, SeekFound } from '../../../../src/protocol/histogram.ts';
import type {
  FullRecord,
  PageAsked,
  RecordAsked,
  RecordFound,
  RecordRow,
  RecordSought,
  TailMove,
  TailPage,
  TailRow,
  TailTick,
} from '../../../../src/protocol/tail.ts';
import { parseQuery } from '../../../../src/query/query.ts';
import { LazySubject } from '../../../../src/query/subject.ts';
import { FakeColumns } from './fakeColumns.ts';
import { histogramOf } from './fakeHistogram.ts';
import {
  arrivalAt,
  dataAt,
  type Flights,
  fullRecord,
  isEvent,
  rowAt,
  shardIdAt,
} from './flights.ts';

/** Rows that come late have numbers from here on. */
const lateSource = 10_000_000;

class RowSubject extends LazySubject {
  readonly partitionKey: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivedMs: number;
  readonly size: number;
  readonly format: string;
  readonly bytes = undefined;
  readonly keyBytes = undefined;
  readonly sequenceBytes = undefined;
  private readonly data: string;

  constructor(row: RecordRow, data: string) {
    super();
    this.data = data;
    this.partitionKey = row.partitionKey;
    this.shardId = row.shardId;
    this.sequenceNumber = row.sequenceNumber;
    this.arrivedMs = row.arrivedMs;
    this.size = row.size;
    this.format = row.format;
  }

  protected readText(): string {
    return this.data;
  }
}

export class FakeTail {
  flights: Flights;
  /** What a test wants the ticks to say, above what follows from the rows. */
  patch: Partial<TailTick> = {};
  /** Likewise of the records that are opened. */
  recordPatch: Partial<FullRecord> = {};
  readonly columns = new FakeColumns((id) => dataAt(id, this.flights));
  private first = 0;
  private end = 0;
  private generation = 1;
  private filter = parseQuery('');
  private isHistogramShown = false;
  private isHistogramTold = false;
  /** Which row is at a position, where that is not the one of its number: those that came late, and all behind them. */
  private readonly sources = new Map<number, number>();
  private lateCount = 0;
  private moves: TailTick['moves'] = { revision: 0, from: 0, list: [], late: 0 };
  /** Positions that match, in order; undefined without a filter. */
  private matching: number[] | undefined;

  constructor(flights: Flights) {
    this.flights = flights;
  }

  showHistogram(shown: boolean): void {
    this.isHistogramShown = shown;
    this.isHistogramTold = false;
  }

  positionAt(asked: SeekAsked): SeekFound {
    const { first, end } = this.view();
    for (let position = first; position < end; position += 1) {
      const row = this.row(position);
      if (row.kind !== 'record') continue;
      const isIt =
        'timestampMs' in asked
          ? row.arrivedMs >= asked.timestampMs
          : row.sequenceNumber === asked.sequenceNumber;
      if (isIt) return { type: 'found', position };
    }
    return { type: 'notHeld' };
  }

  append(count: number): void {
    this.isHistogramTold = false;
    for (let position = this.end; position < this.end + count; position += 1) {
      if (this.matching && this.marked(position)) this.matching.push(position);
    }
    this.end += count;
  }

  drop(count: number): void {
    this.isHistogramTold = false;
    this.first = Math.min(this.end, this.first + count);
  }

  /** Rows come late, without a filter: they stand before others from now on, one move after the other. */
  insert(list: readonly TailMove[]): void {
    for (const { at, count } of list) this.insertAt(at, count);
    const { revision } = this.moves;
    this.moves = { revision: revision + 1, from: revision, list, late: this.lateCount };
  }

  private insertAt(at: number, count: number): void {
    for (let position = this.end - 1; position >= at; position -= 1) {
      this.sources.set(position + count, this.sources.get(position) ?? position);
    }
    for (let index = 0; index < count; index += 1) {
      this.sources.set(at + index, lateSource + this.lateCount++);
    }
    this.end += count;
  }

  filterBy(text: string): void {
    this.filter = parseQuery(text);
    this.generation += 1;
    this.isHistogramTold = false;
    this.matching = undefined;
    if (this.filter.isEmpty) return;
    const held = Array.from({ length: this.end - this.first }, (_, index) => this.first + index);
    this.matching = held.filter((position) => this.marked(position) !== undefined);
  }

  restart(): void {
    this.isHistogramTold = false;
    this.first = this.end;
    this.generation += 1;
    if (this.matching) this.matching = [];
  }

  /** Without a filter. */
  all(from = this.first, end = this.end): TailRow[] {
    return Array.from({ length: Math.max(0, end - from) }, (_, at) => this.row(from + at));
  }

  page({ from, count, paths }: PageAsked): TailPage {
    const { first, end } = this.view();
    const start = Math.max(from, first);
    const rows: TailRow[] = [];
    for (let position = start; position < Math.min(end, from + count); position += 1) {
      rows.push(this.row(position));
    }
    const all = this.columns.path ? this.all() : [];
    return {
      generation: this.generation,
      revision: this.moves.revision,
      from: start,
      rows: this.columns.dress(rows, { paths, all }),
      ...(paths ? { paths } : {}),
    };
  }

  record({ position, id }: RecordAsked) {
    const source = id ?? (this.matching ? this.matching[position] : position);
    const record = source === undefined ? undefined : fullRecord(source, this.flights);
    if (!record) return undefined;
    return { ...record, decodedMatches: this.filter.spans(record.decoded), ...this.recordPatch };
  }

  /** Among the rows that stand where they came. */
  find(sought: RecordSought): RecordFound | undefined {
    if ('id' in sought) return this.found(sought.id);
    const { sequenceNumber } = sought;
    for (let position = this.end - 1; position >= this.first; position -= 1) {
      const row = rowAt(position, this.flights);
      if (row.kind === 'record' && row.sequenceNumber === sequenceNumber) return this.found(row.id);
    }
    return undefined;
  }

  private found(id: number): RecordFound | undefined {
    if (id < this.first || id >= this.end) return undefined;
    const position = this.matching ? this.matching.indexOf(id) : id;
    return position < 0 ? { id } : { id, position };
  }

  tick(): TailTick {
    const held = this.end - this.first;
    const records = this.records(this.first, this.end);
    const { shards } = this.flights;
    const order = this.columns.state(this.columns.path ? this.all() : []);
    return {
      ...(order ? { order } : {}),
      tail: 1,
      state: 'live',
      view: this.view(),
      generation: this.generation,
      moves: this.moves,
      held: { rows: held, bytes: held * 345 },
      bounds: { rowsMax: 100_000, bytesMax: 64 * 1024 * 1024 },
      received: this.records(0, this.end),
      records: { held: records, matching: this.matching?.length ?? records },
      recordsPerSecond: shards.reduce((sum, shard) => sum + shard.recordsPerSecond, 0),
      bytesPerSecond: shards.reduce((sum, shard) => sum + shard.bytesPerSecond, 0),
      millisBehindLatest: 0,
      shards,
      start: { type: 'AT_TIMESTAMP', timestampMs: this.flights.beginMs },
      resume: { type: 'AT_TIMESTAMP', timestampMs: this.flights.beginMs },
      filter: this.filter.text,
      ...(this.filter.problem !== undefined && { filterProblem: this.filter.problem }),
      ...this.histogram(),
      ...this.patch,
    };
  }

  /** With the first tick after a change. */
  private histogram(): Pick<TailTick, 'histogram'> {
    if (!this.isHistogramShown || this.isHistogramTold) return {};
    this.isHistogramTold = true;
    const matching = new Set(this.matching);
    const held = Array.from({ length: this.end - this.first }, (_, index) => this.first + index);
    const records = held
      .filter((position) => !isEvent(position))
      .map((position) => ({
        arrivedMs: arrivalAt(position, this.flights),
        shardId: shardIdAt(position, this.flights),
        isMatch: !this.matching || matching.has(position),
      }));
    return { histogram: histogramOf(records, this.matching !== undefined) };
  }

  private view() {
    if (!this.matching) return { first: this.first, end: this.end };
    const gone = this.matching.findIndex((position) => position >= this.first);
    return { first: gone < 0 ? this.matching.length : gone, end: this.matching.length };
  }

  private row(position: number): TailRow {
    if (!this.matching) {
      const source = this.sources.get(position) ?? position;
      return { ...rowAt(source, this.flights), position };
    }
    const row = this.marked(this.matching[position] ?? 0) as TailRow;
    return { ...row, position };
  }

  /** The row when it matches, its matches marked; events match nothing. */
  private marked(position: number): TailRow | undefined {
    const row = rowAt(position, this.flights);
    if (row.kind === 'event') return undefined;
    const data = dataAt(position, this.flights);
    if (!this.filter.matcher({ nowMs: Date.now() })(new RowSubject(row, data))) return undefined;
    return {
      ...row,
      matches: this.filter.spans(row.preview),
      keyMatches: this.filter.spans(row.partitionKey, 'key'),
    };
  }

  private records(first: number, end: number): number {
    let count = 0;
    for (let position = first; position < end; position += 1) if (!isEvent(position)) count += 1;
    return count;
  }
}

/** What the extension host asks of the window's worker thread, and what the worker announces. */
import type { ClockStatus } from '../admin/controls.ts';
import type { InputOf, OperationName, OutputOf } from '../kinesis/operations.ts';
import type { BrokenAsked, FieldsFound } from './columns.ts';
import type { ConnectionSpec } from './connection.ts';
import type { ExportProgress, ExportRequest, ExportResult } from './export.ts';
import type { SeekAsked, SeekFound } from './histogram.ts';
import type { PackedTick } from './packedTick.ts';
import type { RecordWorkerMethods } from './record.ts';
import type {
  FilterAsked,
  FullRecord,
  FullRecordAsked,
  NewestAsked,
  PageAsked,
  RecordFound,
  RecordSought,
  TailPage,
  TailReached,
  TailStart,
  TailStop,
} from './tail.ts';

/** One operation of Kinesis on a named connection. */
export interface KinesisCall<N extends OperationName = OperationName> {
  readonly connection: string;
  readonly operation: N;
  readonly input: InputOf<N>;
}

/** A tail that another tab has open is shown as it is: where to start and how much to hold was said then. */
export interface OpenTail {
  readonly connection: string;
  readonly stream: string;
  readonly start: TailStart;
  readonly rowsMax: number;
  readonly bytesMax: number;
  /** What all tails of the window may hold together; each has an equal part of it. */
  readonly windowBytesMax: number;
  /** How often a shard of AWS may be asked, a second: 0.2 to 5, by tails and exports together; 1 when absent. The first tab of a stream says. */
  readonly awsReadsPerSecond?: number | undefined;
  /** Up to where to read before it pauses by itself. */
  readonly until?: TailReached | undefined;
  /** A sentence to show as the first row: why this tail was opened again. */
  readonly note?: string | undefined;
  /** Decoders that the user chose, outermost first; what is no chain is read automatically. */
  readonly pinned?: readonly string[] | undefined;
}

/** What is to be published; keys as the user wants them. */
export interface PublishRequest {
  readonly connection: string;
  readonly stream: string;
  /** Named in progress events, so that the host can tell them apart. */
  readonly job: number;
  readonly source:
    | {
        readonly type: 'record';
        readonly data: Uint8Array;
        readonly partitionKey: string;
        readonly explicitHashKey?: string | undefined;
      }
    /** Each line is a record; empty lines are skipped. `keyField`: a field of JSON lines; else a random key per record. */
    | { readonly type: 'text'; readonly text: string; readonly keyField?: string | undefined }
    | { readonly type: 'file'; readonly path: string; readonly keyField?: string | undefined }
    /**
     * Records that were exported, JSONL or CSV. The whole file is looked at first; nothing is put when a line of it is no
     * record. Those of one shard, or of one partition key, are put in their order, also where some are put again.
     */
    | { readonly type: 'records'; readonly path: string; readonly order: 'shard' | 'key' }
    /** The flights of the sample in their three phases; `path` is the shipped file. */
    | { readonly type: 'sample'; readonly path: string };
  /** A file that gets one JSON line per acknowledged record: {"shardId","sequenceNumber","partitionKey"}. */
  readonly receipts?: string | undefined;
}

export interface PublishCounts {
  readonly acknowledged: number;
  /** Put again after a throttle or a lost connection. */
  readonly retried: number;
  /** Given up on, with the reason of the first one. */
  readonly failed: number;
  readonly failure?: string | undefined;
  /** Of the last record acknowledged. */
  readonly last?: { readonly shardId: string; readonly sequenceNumber: string } | undefined;
}

export interface PublishResult extends PublishCounts {
  /** `done`: each was tried; `givenUp`: what came next was not, since the stream takes nothing now. */
  readonly end: 'done' | 'cancelled' | 'givenUp';
  /** Neither acknowledged nor failed; undefined: some, which nobody counted. */
  readonly untried: number | undefined;
}

export interface PublishProgress extends PublishCounts {
  readonly job: number;
  /** Undefined when the length is not known beforehand. */
  readonly total?: number | undefined;
  /** What goes on, in a few words: `flights, by origin airport`. */
  readonly phase: string;
}

export interface Profile {
  readonly name: string;
  readonly region?: string | undefined;
}

/** Methods of the worker. Each reply may be a failure that carries AWS's exception name. */
export type WorkerMethods = RecordWorkerMethods & {
  /** Declares a connection, or replaces one of the same id. Opens no socket. */
  connect(connection: ConnectionSpec): void;
  disconnect(params: { connection: string }): void;
  /** AWS connections are read-only until this says otherwise; the local engine is always writable. */
  setWritable(params: { connection: string; writable: boolean }): void;
  /** How the local engine's clock stands, again whenever it was moved; a connection of which nothing is told goes by the machine's. */
  setClock(params: { connection: string; clock: ClockStatus }): void;
  call(call: KinesisCall): OutputOf<OperationName>;
  listProfiles(params: Record<string, never>): Profile[];
  /** `isShared`: another tab has the tail open, and it did not start where this one asked for. */
  openTail(params: OpenTail): { tail: number; isShared: boolean };
  /** Of one tab; closing the last one of a stream ends its reading. */
  closeTail(params: { tail: number }): void;
  /** Reading is paused, resumed and started elsewhere for all tabs of the stream. */
  pauseTail(params: { tail: number }): void;
  /** Goes on after the last record of each shard: after a pause, and after a failure too. */
  resumeTail(params: { tail: number }): void;
  restartTail(params: { tail: number; start: TailStart }): void;
  /** Where it pauses by itself, for all tabs of the stream; without `stop` nowhere. */
  stopTail(params: { tail: number; stop?: TailStop | undefined }): void;
  filterTail(params: FilterAsked & { tail: number }): void;
  /** Ticks are sent only while visible; becoming visible sends one at once. */
  showTail(params: { tail: number; visible: boolean }): void;
  /** Whether ticks tell of the histogram; asked for again, the next one does. */
  showTailHistogram(params: { tail: number; shown: boolean }): void;
  tailPositionAt(params: SeekAsked & { tail: number }): SeekFound;
  /** Decodes with these from now on, outermost first; none: automatically. */
  pinTail(params: { tail: number; pinned: readonly string[] }): void;
  /** Hides what these find in all tails; answers a sentence for each that cannot be read. */
  setMask(params: { patterns: readonly string[] }): readonly string[];
  findTailRecord(params: RecordSought & { tail: number }): RecordFound | undefined;
  tailPage(params: PageAsked & { tail: number }): TailPage;
  /** Ticks bring the newest rows along from now on, as far as they were not sent yet. */
  followTail(params: NewestAsked & { tail: number }): void;
  /** The JSON fields of the records at these positions. */
  tailFields(params: { tail: number; from: number; count: number }): FieldsFound;
  /** Checks the order of a field per key in this tab from now on; of none without a path. */
  watchTailOrder(params: { tail: number; path?: string | undefined }): void;
  /** The position of a row out of order. */
  nextBroken(params: BrokenAsked & { tail: number }): number | undefined;
  /** Undefined when the row was dropped meanwhile or is an event. */
  tailRecord(params: FullRecordAsked & { tail: number }): FullRecord | undefined;
  /** Resolves when all is acknowledged or given up; cancelling stops after what is in flight. */
  publish(params: PublishRequest): PublishResult;
  /** Resolves when the file is whole or the export has ended otherwise; cancelling removes the file. */
  exportRecords(params: ExportRequest): ExportResult;
};

/** What a thread is started with. */
export interface WorkerStart {
  /** Its tails have higher numbers, so that none is taken for one of a thread before it. */
  readonly tailsAbove?: number | undefined;
}

export type WorkerEvents = {
  tick: PackedTick;
  progress: PublishProgress;
  exportProgress: ExportProgress;
  /** A line for the log channel; never record content. */
  log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
};

/** What the stream panel (webview) asks of the extension host, and what the host announces to it. */
import type { ClockStatus } from '../admin/controls.ts';
import type { BrokenAsked, FieldsFound, GridColumns } from './columns.ts';
import type { SeekAsked, SeekFound } from './histogram.ts';
import type { PackedTick } from './packedTick.ts';
import type { PanelLook, RecordCommand, RecordMethods } from './record.ts';
import type {
  FilterAsked,
  FullRecord,
  FullRecordAsked,
  NewestAsked,
  PageAsked,
  ProblemAction,
  RecordFound,
  RecordPlace,
  RecordSought,
  TailPage,
  TailReached,
  TailStart,
  TailStop,
} from './tail.ts';

/** What the panel shows and for whom. */
export interface PanelSubject {
  readonly stream: string;
  readonly connection: {
    readonly id: string;
    readonly kind: 'local' | 'aws';
    /** `Local engine`, or the connection's name. */
    readonly label: string;
    readonly region: string;
    /** Twelve digits, once an answer has told it. */
    readonly account?: string | undefined;
    /** `aws`, `aws-cn`, …, as an answer's ARN has told it. */
    readonly partition?: string | undefined;
    /** `port 4567`, or the endpoint's host; empty for AWS's own. */
    readonly place: string;
    /** URL that commands for the shell must name; undefined: AWS's own, or the engine is not running. */
    readonly endpoint?: string | undefined;
    /** Profile that they must name; undefined: the default one. */
    readonly profile?: string | undefined;
    readonly writable: boolean;
  };
  /** `editor`: details beside the grid; `bottom`: one toolbar line, details closed. */
  readonly where: 'editor' | 'bottom';
  readonly timeZone: 'local' | 'utc';
  /** Of the stream: how the local engine's stands; absent: this machine's. */
  readonly clock?: ClockStatus | undefined;
  readonly look?: PanelLook | undefined;
  /** Those of this panel before a reload, else those that were last chosen for the stream. */
  readonly columns?: GridColumns | undefined;
}

/** The queries that are kept for the stream, by name, and those used last, the last one first. */
export interface StreamQueries {
  readonly saved: readonly { readonly name: string; readonly text: string }[];
  readonly recent: readonly string[];
}

/** The first record that is whole in sight. */
export interface ListTop extends RecordPlace {
  /** Pixels below the top of the sight. */
  readonly offset: number;
  /** Rows from it on that had come when following ended. */
  readonly seenRows: number;
}

/** Where the list is. */
export interface ListPlace {
  /** Absent: it follows the newest row. */
  readonly top?: ListTop | undefined;
  readonly active?: RecordPlace | undefined;
}

/** What survives a reload, or another editor tab in the panel's place, through the webview's own state. */
export interface PanelState {
  readonly connection: string;
  readonly stream: string;
  readonly resume: TailStart;
  readonly filter: string;
  /** Up to where it was read: it comes back paused there. */
  readonly reached?: TailReached | undefined;
  /** The record that the details show; null: they are open without one. Absent: they are closed. */
  readonly details?: RecordPlace | null | undefined;
  /** Absent: it follows the newest row, and no row is active. */
  readonly list?: ListPlace | undefined;
  /** What had been read then, and by which tail: a reload makes another one. */
  readonly read?: { readonly tail: number; readonly received: number } | undefined;
  /** Absent: those that a panel has by default. */
  readonly columns?: GridColumns | undefined;
  /** Whether the histogram is shown; absent: as it is where the panel is. */
  readonly isHistogramShown?: boolean | undefined;
}

/** Methods of the host. */
export type PanelMethods = RecordMethods & {
  /** First call of the panel, with the IANA name of its user's time zone; the answer and then ticks follow. */
  ready(params: { timeZone: string }): PanelSubject | undefined;
  /** The focus came into the panel, or left it. */
  focused(params: { has: boolean }): void;
  /** The first thing that the user does in the panel after `owes`. */
  left(params: Readonly<Record<string, never>>): void;
  page(params: PageAsked): TailPage;
  /** Ticks bring the newest rows along from now on, until a new tail or a count of 0. */
  follow(params: NewestAsked): void;
  /** Undefined while it is not held. */
  findRecord(params: RecordSought): RecordFound | undefined;
  /** By its id, which tells it wherever it stands now, or by its position. */
  record(params: FullRecordAsked): FullRecord | undefined;
  pause(params: Record<string, never>): void;
  resume(params: Record<string, never>): void;
  restart(params: { start: TailStart }): void;
  /** Pauses by itself there; without `stop` nowhere. */
  stopAt(params: { stop?: TailStop | undefined }): void;
  /** Asks for a time or a number of records to stop at. */
  chooseStop(params: Record<string, never>): void;
  /** Asks for a time or a record to start at. */
  chooseStart(params: Record<string, never>): void;
  filter(params: FilterAsked): void;
  queries(params: Record<string, never>): StreamQueries;
  /** The user meant this query: it is one of those used last. */
  noteQuery(params: { text: string }): void;
  /** Asks for a name. */
  saveQuery(params: { text: string }): void;
  /** Asks which query is meant; `text` is in the box. */
  manageQueries(params: { text: string }): void;
  showHistogram(params: { shown: boolean }): void;
  positionAt(params: SeekAsked): SeekFound;
  /** Asks for a time or a record to go to. */
  goTo(params: Record<string, never>): void;
  setTimeZone(params: { timeZone: 'local' | 'utc' }): void;
  /** The columns that are shown from now on, which are remembered for the stream; undefined: as by default. */
  setColumns(params: { columns?: GridColumns | undefined }): void;
  /** The JSON fields of the records at these positions. */
  fields(params: { from: number; count: number }): FieldsFound;
  nextBroken(params: BrokenAsked): number | undefined;
  /** Text for the clipboard; the host says so in the status bar. */
  copy(params: { text: string; what: string }): void;
  /** Asks which stream this panel is to show: the bottom panel can be open without one. */
  chooseStream(params: Record<string, never>): void;
  putRecord(params: Record<string, never>): void;
  /** Asks what of it, how, and into which file. */
  exportRecords(params: Record<string, never>): void;
  splitShard(params: { shardId: string }): void;
  mergeShard(params: { shardId: string; adjacentShardId: string }): void;
  act(params: { action: ProblemAction }): void;
};

/** Events of the host. */
export type PanelEvents = {
  subject: PanelSubject;
  tick: PackedTick;
  /** A query was chosen outside of the panel. */
  useQuery: { readonly text: string };
  /** A command of the palette or a key binding that belongs to the panel. */
  command: {
    readonly name:
      | 'togglePause'
      | 'focusFilter'
      | 'focusGrid'
      | 'toggleDetails'
      | 'toggleHistogram'
      | RecordCommand;
  };
  /** The panel will be led to a place that its tail has not come to yet, unless its user has `left` by then. */
  owes: Readonly<Record<string, never>>;
  /** Shows the row at this position, as of the last tick, and makes it the active one. */
  reveal: { readonly position: number; readonly focuses: boolean };
};

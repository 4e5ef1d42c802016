/** The engine's own controls: clock, faults, snapshots, journal, imported shards. Shapes only. */
import type { Shard } from '../kinesis/shapes.ts';
import type { CountersQuery, EngineCounters } from './counters.ts';
import type { FaultRule, FaultSpec } from './faults.ts';

/** How the engine's clock stands to the machine's. */
export interface ClockStatus {
  /** The engine's time, milliseconds since 1970 and as ISO text. */
  readonly nowMs: number;
  readonly now: string;
  /** Engine minus machine; 0 until the clock is moved. */
  readonly aheadMs: number;
  /** Engine seconds a second: 1 as the machine, 0 stopped. */
  readonly rate: number;
}

/** The engine's time, epoch milliseconds, at a time of the machine's, by the status that was told last. */
export function engineTimeAt({ nowMs, aheadMs, rate }: ClockStatus, machineMs: number): number {
  const toldMs = nowMs - aheadMs;
  return Math.floor(nowMs + (machineMs - toldMs) * rate);
}

/** One step at most: what retention can be at most, and some. */
export const stepMsMax = 400 * 86_400_000;
/** An hour a second. */
export const rateMax = 3_600;

export interface SnapshotInfo {
  readonly name: string;
  /** By the machine's clock. */
  readonly takenMs: number;
  readonly streamCount: number;
  /** Of all its files; what the folder still has as well is on the disk once. */
  readonly bytes: number;
}

/** At a time; one more is refused. */
export const snapshotsMax = 16;
export const snapshotNamePattern = /^[a-zA-Z0-9_.-]{1,64}$/;

/** One call of a client. */
export interface JournalEntry {
  /** Counts up from 1 while the engine runs. */
  readonly number: number;
  /** When it came, by the machine's clock. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly operation: string;
  /** Its name, as far as the call says. */
  readonly stream?: string | undefined;
  /** Who called, as far as the request says; absent for calls in the engine's own process. */
  readonly accessKeyId?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  /** Records put or got. */
  readonly records?: number | undefined;
  /** Records of PutRecords that were not stored. */
  readonly failedRecords?: number | undefined;
  /** AWS's exception; absent when the call succeeded. */
  readonly error?: string | undefined;
  readonly message?: string | undefined;
}

export interface JournalQuery {
  /** Only entries with a higher number; default: the newest. */
  readonly after?: number | undefined;
  /** 1 to `journalPageMax`; default 100. */
  readonly limit?: number | undefined;
}

export interface JournalPage {
  /** By rising number. */
  readonly entries: readonly JournalEntry[];
  /** `after` of the next query. */
  readonly next: number;
  /** Entries after `after` that the journal does not hold any more. */
  readonly missed: number;
}

/** Entries kept; then the oldest go. */
export const journalEntriesMax = 4_096;
export const journalPageMax = 1_000;

/** A stream with shards as they are elsewhere. */
export interface ShardImport {
  /** The name; it must be free. */
  readonly stream: string;
  /** `Shards` of a ListShards answer: open ones cover the hash space, closed ones may be among them. */
  readonly shards: readonly ImportedShard[];
  /** 24 (default) to 8760. */
  readonly retentionHours?: number | undefined;
  readonly mode?: 'PROVISIONED' | 'ON_DEMAND' | undefined;
}

/** Without sequence numbers the shard is open and as old as the import. */
export type ImportedShard = Omit<Shard, 'SequenceNumberRange'> &
  Partial<Pick<Shard, 'SequenceNumberRange'>>;

/** Shards of an import, open and closed. */
export const importedShardsMax = 20_000;

export interface ControlApi {
  clock(): Promise<ClockStatus>;
  /** The engine's time stands still; what is due waits. */
  stopClock(): Promise<ClockStatus>;
  /** It goes on as fast as the machine's, from where it is. */
  startClock(): Promise<ClockStatus>;
  /** 1 to `stepMsMax`; resolved: all that became due has happened, in order. */
  stepClock(ms: number): Promise<ClockStatus>;
  /** Above 0, at most `rateMax`. */
  setClockRate(rate: number): Promise<ClockStatus>;

  faults(): Promise<readonly FaultRule[]>;
  /** Throws LimitExceeded above `faultRulesMax`. */
  addFault(spec: FaultSpec): Promise<FaultRule>;
  /** Throws ResourceNotFound. */
  removeFault(id: number): Promise<void>;
  clearFaults(): Promise<void>;

  snapshots(): Promise<readonly SnapshotInfo[]>;
  /** Throws ResourceInUse for a name that is taken, LimitExceeded above count and bytes. */
  takeSnapshot(name: string): Promise<SnapshotInfo>;
  /** Streams, records and clock are as they were then. Throws ResourceNotFound. */
  restoreSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  /** Makes `folder`, absolute and not there yet, a data folder of its own with what the snapshot holds. */
  branchSnapshot(branch: { readonly name: string; readonly folder: string }): Promise<void>;

  /** Creates a stream. Throws ResourceInUse, or InvalidArgument when the shards do not fit together. */
  importShards(spec: ShardImport): Promise<void>;

  journal(query: JournalQuery): Promise<JournalPage>;
  /** Throws ResourceNotFound for a stream that is not there. */
  counters(query: CountersQuery): Promise<EngineCounters>;
}

/** What the engine can do that Kinesis has no operation for. Same port, other path, guarded by the lock's nonce. */
import type { ClockStatus, ControlApi } from './controls.ts';
import type { StreamImportApi } from './streamImport.ts';

/** Raised when an older window could misread an answer. */
export const adminProtocol = 1;

/** How far an acknowledged put has got: into the operating system, or onto the disk. */
export type Durability = 'written' | 'synced';
/** Whether limits of throughput, of calls and of quotas are enforced, only counted, or lifted. */
export type LimitsMode = 'aws' | 'warn' | 'off';

export interface DamagedStream {
  readonly stream: string;
  /** The sentence a user reads: what, in which file, at which byte, and what to do. */
  readonly reason: string;
}

/** The state of the data folder's size limit. */
export interface FolderUse {
  readonly bytes: number;
  readonly bytesMax: number;
  /** `near` from 90 %; `full`: puts are refused; `disk` when the disk itself has no room. */
  readonly state: 'ok' | 'near' | 'full' | 'disk';
}

export interface EngineStatus {
  readonly version: string;
  readonly protocol: number;
  readonly pid: number;
  /** `http://127.0.0.1:4567` */
  readonly endpoint: string;
  readonly folder: string;
  readonly folderUse: FolderUse;
  readonly streamCount: number;
  readonly durability: Durability;
  readonly limits: LimitsMode;
  /** Region and account of streams created without a credential scope. */
  readonly region: string;
  readonly account: string;
  /** What opening the folder had to repair or could not read; sentences for the user. */
  readonly notices: readonly string[];
  readonly damaged: readonly DamagedStream[];
  /** As it was when this was said; a status follows each change. */
  readonly clock: ClockStatus;
  /** Rules for faults in force. */
  readonly faultCount: number;
  /** Windows that hold an admin connection. */
  readonly windowCount: number;
}

/** Told on the admin connection; each is a reason to look again, none carries records. */
export type AdminEvent =
  | { readonly type: 'status'; readonly status: EngineStatus }
  /** Streams were created, deleted, resharded or changed state. */
  | { readonly type: 'streams' }
  /** Sent every few seconds so that a silent death is noticed. */
  | { readonly type: 'alive' };

export interface CertificateAnswer {
  /** In PEM. */
  readonly certificate: string;
  /** Where it lies, absolute; undefined for an engine in memory. */
  readonly file?: string;
}

export interface AdminApi extends ControlApi, StreamImportApi {
  status(): Promise<EngineStatus>;
  /** Deletes every stream and its records, and every fault; the clock is the machine's again. */
  reset(): Promise<void>;
  /** Removes every record of a stream; shards, names and running sequence numbers stay. */
  emptyStream(stream: string): Promise<void>;
  /** Deletes a stream whose files are damaged, which Kinesis' operations refuse to touch. */
  dropDamaged(stream: string): Promise<void>;
  /** Creates those of `streams` that do not exist, and waits until they are ACTIVE. */
  ensureStreams(streams: readonly StreamSeed[]): Promise<void>;
  /** What a client must trust to speak TLS with the engine; made when there is none yet. */
  certificate(): Promise<CertificateAnswer>;
  /** Ends the process after what is in flight; the answer is sent first. */
  stop(): Promise<void>;
}

export interface StreamSeed {
  readonly name: string;
  /** 1 or more. */
  readonly shards: number;
}

/** `orders:4,clicks` -> seeds; a missing count is 1. Throws an Error with a usable sentence. */
export function parseSeeds(text: string): StreamSeed[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter(Boolean).map((part) => {
    const match = /^([a-zA-Z0-9_.-]{1,128})(?::(\d{1,5}))?$/.exec(part);
    const shards = Number(match?.[2] ?? 1);
    if (!match || shards < 1) {
      throw new Error(`"${part}" is not NAME or NAME:SHARDS, for example orders:4`);
    }
    return { name: match[1]!, shards };
  });
}

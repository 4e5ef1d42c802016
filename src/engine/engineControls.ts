/** The engine's own controls: what a client of the admin interface may do to clock, calls and data. */
import type {
  ClockStatus,
  ControlApi,
  JournalPage,
  JournalQuery,
  ShardImport,
  SnapshotInfo,
} from '../admin/controls.ts';
import type { CountersQuery, EngineCounters } from '../admin/counters.ts';
import type { FaultRule, FaultSpec } from '../admin/faults.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { invalidArgument, limitExceeded } from '../kinesis/errors.ts';
import type { Engine } from './engine.ts';
import type { EngineClock } from './engineClock.ts';
import type { EngineSlot } from './engineSlot.ts';
import type { FaultRules } from './faults/faultRules.ts';
import type { Journal } from './journal.ts';
import { raiseKeyFloor } from './keyFloor.ts';
import { isFull } from './log/context.ts';
import type { Files } from './log/files.ts';
import { copyData, type DataPlace } from './snapshotCopy.ts';
import { decideRestore, finishRestore, stageRestore } from './snapshotRestore.ts';
import type { Snapshots } from './snapshots.ts';

/** A folder beside another, by name. */
export interface BranchTarget {
  /** Rooted at the folder that `name` is to be in. */
  readonly files: Files;
  readonly name: string;
}

/** Undefined where there are no folders: an engine in memory. */
export type BranchTargets = ((folder: string) => BranchTarget) | undefined;

export interface ControlParts {
  readonly slot: EngineSlot;
  readonly clock: EngineClock;
  readonly machine: Clock;
  readonly rules: FaultRules;
  readonly journal: Journal;
  readonly snapshots: Snapshots;
  readonly files: Files;
  readonly branchTarget: BranchTargets;
  /** Opens the data folder as it is now. */
  reopen(): Promise<Engine>;
}

export class EngineControls implements ControlApi {
  private readonly parts: ControlParts;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(parts: ControlParts) {
    this.parts = parts;
  }

  async clock(): Promise<ClockStatus> {
    return this.parts.clock.status;
  }

  stopClock(): Promise<ClockStatus> {
    return this.setClockRate(0);
  }

  startClock(): Promise<ClockStatus> {
    return this.setClockRate(1);
  }

  setClockRate(rate: number): Promise<ClockStatus> {
    return this.alone(async () => {
      await this.parts.clock.setRate(rate);
      return this.parts.clock.status;
    });
  }

  /** What has expired is gone from the disk too when this resolves. */
  stepClock(ms: number): Promise<ClockStatus> {
    const { clock, slot } = this.parts;
    return this.alone(async () => {
      await clock.step(ms, () => slot.engine.settled());
      await slot.run((engine) => engine.removeExpired());
      return clock.status;
    });
  }

  async faults(): Promise<FaultRule[]> {
    return this.parts.rules.list();
  }

  async addFault(spec: FaultSpec): Promise<FaultRule> {
    return this.parts.rules.add(spec);
  }

  async removeFault(id: number): Promise<void> {
    this.parts.rules.remove(id);
  }

  async clearFaults(): Promise<void> {
    this.parts.rules.clear();
  }

  async snapshots(): Promise<SnapshotInfo[]> {
    return this.parts.snapshots.list();
  }

  takeSnapshot(name: string): Promise<SnapshotInfo> {
    const { slot, snapshots, clock, machine } = this.parts;
    return this.alone(() =>
      slot.pause((engine) =>
        snapshots.take({
          name,
          takenMs: machine.now(),
          streamCount: engine.streamCount(),
          clock: clock.encoded(),
          bytes: engine.folderUse().bytes,
        }),
      ),
    );
  }

  /** Faults and journal stay as they are, and numbers go on above those told before. */
  restoreSnapshot(name: string): Promise<void> {
    const { slot, snapshots, files, clock, machine, reopen } = this.parts;
    const decide = async (): Promise<unknown> => {
      const nowMs = Math.max(clock.now(), machine.now());
      const told = { upcomingKey: slot.engine.upcomingKey, nowMs };
      return (await failureOf(raiseKeyFloor(files, told))) ?? decideRestore(files);
    };
    const change = async (): Promise<void> => {
      await finishRestore(files);
      await clock.reload();
    };
    return this.alone(async () => {
      slot.checkUsable();
      const from = snapshots.place(name);
      const against =
        (await failureOf(stageRestore(files, from))) ??
        (await slot.replace({ decide, change, reopen }));
      if (against === undefined) return;
      if (!isFull(against)) throw against;
      throw limitExceeded(`The disk has no room for the restore: ${messageOf(against)}`);
    });
  }

  deleteSnapshot(name: string): Promise<void> {
    return this.alone(() => this.parts.snapshots.remove(name));
  }

  branchSnapshot({ name, folder }: { name: string; folder: string }): Promise<void> {
    const { snapshots, branchTarget } = this.parts;
    return this.alone(async () => {
      const from = snapshots.place(name);
      if (!branchTarget) throw invalidArgument('An engine in memory has no folders to branch to.');
      const { files, name: target } = branchTarget(folder);
      if (await files.stat(target)) throw invalidArgument(`${folder} is there already.`);
      await makeBranch(from, { files, name: target, shown: folder });
    });
  }

  importShards(spec: ShardImport): Promise<void> {
    return this.parts.slot.run((engine) => engine.importShards(spec));
  }

  async journal(query: JournalQuery): Promise<JournalPage> {
    return this.parts.journal.page(query);
  }

  counters(query: CountersQuery): Promise<EngineCounters> {
    return this.parts.slot.run(async (engine) => engine.counters(query));
  }

  /** Deletes every stream; no faults, and the machine's time. Snapshots stay. */
  reset(): Promise<void> {
    const { slot, rules, clock } = this.parts;
    return this.alone(async () => {
      rules.clear();
      await slot.run((engine) => engine.reset());
      await clock.reset();
    });
  }

  /** Resolves when nothing that was asked for is under way. */
  async idle(): Promise<void> {
    await this.queue.catch(() => undefined);
  }

  /** One of those that change more than one thing at a time. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.queue.then(work);
    this.queue = run.catch(() => undefined);
    return run;
  }
}

/** What `work` rejects with; undefined when it does not. */
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Under its name only when it is whole; aside until then, where nothing of anybody's may be. */
async function makeBranch(
  from: DataPlace,
  { files, name, shown }: BranchTarget & { shown: string },
): Promise<void> {
  const aside = `${name}.new`;
  if (await files.stat(aside)) {
    throw invalidArgument(
      `${shown}.new is there already: an earlier branch was cut short, or it is yours. Remove it, or name another folder.`,
    );
  }
  try {
    await files.makeFolder(aside);
    await copyData(from, { files, prefix: `${aside}/` });
    await files.syncFolder(aside);
    await files.rename(aside, name);
  } catch (error) {
    await files.removeFolder(aside).catch(() => undefined);
    throw error;
  }
  await files.syncFolder('');
}

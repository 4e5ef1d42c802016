/**
 * An engine with its own controls: clock, faults, snapshots and journal around the engine on one data
 * folder. It only puts them together; what is open may be another engine after a restore.
 */
import type { StreamSeed } from '../admin/adminApi.ts';
import type { ClockStatus } from '../admin/controls.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import { callDoor } from './callDoor.ts';
import { Engine, type EngineChange } from './engine.ts';
import { EngineClock } from './engineClock.ts';
import { type BranchTargets, EngineControls } from './engineControls.ts';
import { EngineSlot } from './engineSlot.ts';
import { FaultRules } from './faults/faultRules.ts';
import { ImportLeases } from './importLeases.ts';
import { Journal } from './journal.ts';
import type { EnginePorts, EngineSettings } from './ports.ts';
import { finishRestore } from './snapshotRestore.ts';
import { Snapshots } from './snapshots.ts';

/** `clock` is the machine's. */
export interface ControlledPorts extends EnginePorts {
  readonly branchTarget?: BranchTargets;
}

export class ControlledEngine {
  /** What clients call. */
  readonly api: KinesisApi;
  readonly controls: EngineControls;
  readonly imports: ImportLeases;
  private readonly slot: EngineSlot;
  private readonly engineClock: EngineClock;
  private readonly rules: FaultRules;
  private readonly emitter: Emitter<EngineChange>;

  private constructor(parts: {
    api: KinesisApi;
    controls: EngineControls;
    imports: ImportLeases;
    slot: EngineSlot;
    clock: EngineClock;
    rules: FaultRules;
    emitter: Emitter<EngineChange>;
  }) {
    this.api = parts.api;
    this.controls = parts.controls;
    this.imports = parts.imports;
    this.slot = parts.slot;
    this.engineClock = parts.clock;
    this.rules = parts.rules;
    this.emitter = parts.emitter;
  }

  /** As Engine.open; a restore that a crash cut short is finished first. */
  static async open(
    ports: ControlledPorts,
    settings: Partial<EngineSettings> = {},
  ): Promise<ControlledEngine> {
    const { files, random, clock: machine, branchTarget } = ports;
    await finishRestore(files);
    const clock = await EngineClock.open({ files, clock: machine });
    const emitter = new Emitter<EngineChange>();
    const reopen = async (): Promise<Engine> => {
      const engine = await Engine.open({ ...ports, clock }, settings);
      engine.onDidChange((change) => emitter.fire(change));
      return engine;
    };
    const engine = await reopen();
    const bytesMax = engine.settings.folderBytesMax;
    const snapshots = await Snapshots.open({ files, random, bytesMax });
    const slot = new EngineSlot(engine, clock);
    const rules = new FaultRules(random, () => emitter.fire('status'));
    clock.onDidChange(() => emitter.fire('status'));
    const journal = new Journal((iterator) => slot.engine.streamNameIn(iterator));
    const faults = { rules, clock, machine };
    const api = callDoor({ slot, faults, journal, machine });
    const shared = { slot, clock, machine, rules, journal, snapshots, files, branchTarget };
    const tellingReopen = async (): Promise<Engine> => {
      const opened = await reopen();
      emitter.fire('streams');
      emitter.fire('status');
      return opened;
    };
    const controls = new EngineControls({ ...shared, reopen: tellingReopen });
    const imports = new ImportLeases({ slot, machine, random, logger: ports.logger });
    return new ControlledEngine({ api, controls, imports, slot, clock, rules, emitter });
  }

  /** The one that is open now: for looking at, not for keeping. */
  get engine(): Engine {
    return this.slot.engine;
  }

  /** Each listener is told after the change is durable; also of a restore. */
  get onDidChange(): Event<EngineChange> {
    return this.emitter.event;
  }

  get clock(): ClockStatus {
    return this.engineClock.status;
  }

  /** Rules for faults in force. */
  get faultCount(): number {
    return this.rules.size;
  }

  get notices(): readonly string[] {
    const { notice } = this.engineClock;
    return notice === undefined ? this.engine.notices : [notice, ...this.engine.notices];
  }

  /** As Engine.streamArnIn. */
  streamArnIn(token: string, region?: string): string | undefined {
    return this.engine.streamArnIn(token, region);
  }

  /** As Engine.consumerArnIn. */
  consumerArnIn(streamArn: string, name: string): string | undefined {
    return this.engine.consumerArnIn(streamArn, name);
  }

  /** As Engine.policyOf. */
  policyOf(arn: string): string | undefined {
    return this.engine.policyOf(arn);
  }

  emptyStream(name: string): Promise<void> {
    return this.slot.run((engine) => engine.emptyStream(name));
  }

  dropDamaged(name: string): Promise<void> {
    return this.slot.run((engine) => engine.dropDamaged(name));
  }

  ensureStreams(seeds: readonly StreamSeed[]): Promise<void> {
    return this.slot.run((engine) => engine.ensureStreams(seeds));
  }

  /** A restore under way is finished first. */
  async close(): Promise<void> {
    await this.controls.idle();
    this.imports.dispose();
    await this.engine.close();
  }
}

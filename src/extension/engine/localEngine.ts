/**
 * The local engine as one window sees it: stopped, starting, running or failed. It is a process of
 * its own, shared by all windows; this class finds or starts it, holds the window's connection to it
 * and brings it back when it dies. It must never end the engine but when the user says so.
 */
import type { EngineStatus, StreamSeed } from '../../admin/adminApi.ts';
import { type Clock, delay } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { isAlive } from '../../process/alive.ts';
import { RestartBudget } from '../restartBudget.ts';
import {
  type AdminCall,
  type AdminRoute,
  isEngineAt,
  openAdminConnection,
  postAdmin,
} from './engineConnection.ts';
import { controlsOf, type EngineControls } from './engineControls.ts';
import { type EngineFinder, findEngine, findOrStartEngine } from './engineFinder.ts';
import { type EngineAddress, hasLock, readLock } from './engineLock.ts';
import { EngineLogReader } from './engineLogReader.ts';
import type { EngineOptions } from './engineOptions.ts';
import type { EngineProgram } from './engineProcess.ts';

export type EngineState =
  /** `reason`: a sentence, when it was not this window's user who stopped it. */
  | { readonly type: 'stopped'; readonly reason?: string }
  | { readonly type: 'starting'; readonly reason?: string }
  | { readonly type: 'running'; readonly status: EngineStatus; readonly restarted?: Restarted }
  | { readonly type: 'failed'; readonly reason: string };

/** That the engine died and was brought back while this window looked on. */
export interface Restarted {
  readonly count: number;
  /** Of the last time, in epoch milliseconds. */
  readonly atMs: number;
}

export interface LocalEngineParts {
  /** Read at each start, so that changed settings count from then on. */
  options(): EngineOptions;
  /** Streams that the workspace wants; created after each start. */
  seeds(): readonly StreamSeed[];
  readonly program: EngineProgram;
  readonly version: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

const restartsPerMinuteMax = 30;
const lockLookMs = 300;
/** An engine that closes ends in this time, in order or not. */
const closingMaxMs = 20_000;

export class LocalEngine implements Disposable {
  private readonly parts: LocalEngineParts;
  private readonly stateEmitter = new Emitter<EngineState>();
  private readonly streamsEmitter = new Emitter<void>();
  private readonly restarts = new RestartBudget(restartsPerMinuteMax);
  private readonly log: EngineLogReader;
  private current: EngineState = { type: 'stopped' };
  private connection: Disposable | undefined;
  private own: EngineAddress | undefined;
  private underWay: Promise<EngineStatus> | undefined;
  private restarted: Restarted | undefined;
  private isDisposed = false;

  readonly onState = this.stateEmitter.event;
  /** The engine's clock, faults, snapshots, journal and counters. Calls reject as `admin` does. */
  readonly controls: EngineControls = controlsOf((call) => this.ask(call));
  /** Streams were created, deleted, resharded or changed their state. */
  readonly onStreams = this.streamsEmitter.event;

  constructor(parts: LocalEngineParts) {
    this.parts = parts;
    this.log = new EngineLogReader(parts.logger);
  }

  get state(): EngineState {
    return this.current;
  }

  /** Where the engine answers; undefined unless it is running. */
  get address(): EngineAddress | undefined {
    return this.own;
  }

  /** Connects to the engine or starts it; joins a start under way. Rejects with a sentence. */
  start(): Promise<EngineStatus> {
    if (this.current.type === 'running') return Promise.resolve(this.current.status);
    this.restarts.reset();
    this.restarted = undefined;
    return this.startOnce();
  }

  /** Connects to an engine that is running already; starts none. */
  async probe(): Promise<void> {
    if (this.current.type !== 'stopped' || this.underWay) return;
    try {
      const address = await findEngine(this.finder());
      if (address && this.current.type === 'stopped' && !this.underWay) await this.attach(address);
    } catch (thrown) {
      this.set({ type: 'failed', reason: messageOf(thrown) });
    }
  }

  /** Ends the engine for every window. */
  async stop(): Promise<void> {
    const address = this.own;
    this.detach();
    this.set({ type: 'stopped' });
    if (address) await postAdmin(address, { route: 'stop' });
  }

  /** Rejects when the engine is not running, or with its own sentence. */
  async admin(route: AdminRoute, body?: unknown): Promise<void> {
    await this.ask({ route, body });
  }

  /** The same controls, whose calls are no longer waited for once `signal` aborts. */
  controlsUntil(signal: AbortSignal): EngineControls {
    return controlsOf((call) => this.ask({ ...call, signal }));
  }

  dispose(): void {
    this.isDisposed = true;
    this.detach();
  }

  private async ask<T>(call: AdminCall): Promise<T> {
    if (!this.own) throw new Error('The local engine is not running.');
    return postAdmin<T>(this.own, call);
  }

  private finder(): EngineFinder {
    return { ...this.parts, options: this.parts.options() };
  }

  private startOnce(reason?: string): Promise<EngineStatus> {
    if (!this.underWay) {
      this.set({ type: 'starting', ...(reason !== undefined && { reason }) });
      this.underWay = this.run().finally(() => {
        this.underWay = undefined;
      });
    }
    return this.underWay;
  }

  private async run(): Promise<EngineStatus> {
    try {
      const status = await this.attach(await findOrStartEngine(this.finder()));
      this.restarts.started(this.parts.clock.monotonic());
      this.parts.logger.info(`engine ${status.version} at ${status.endpoint}, pid ${status.pid}`);
      await this.ensureSeeds();
      return status;
    } catch (thrown) {
      const reason = `The local engine did not start. ${messageOf(thrown)}`;
      this.parts.logger.error(reason);
      this.detach();
      this.set({ type: 'failed', reason });
      throw new Error(reason);
    }
  }

  /** Creates what the workspace declares; a failure is logged, the engine is usable without. */
  async ensureSeeds(): Promise<void> {
    const seeds = this.parts.seeds();
    if (seeds.length === 0 || !this.own) return;
    try {
      await this.admin('ensure-streams', { streams: seeds });
    } catch (thrown) {
      this.parts.logger.error(`declared streams were not created: ${messageOf(thrown)}`);
    }
  }

  /** Opens the window's connection; resolves with the first status it brings. */
  private attach(address: EngineAddress): Promise<EngineStatus> {
    this.detach();
    return new Promise((resolve, reject) => {
      this.own = address;
      this.connection = openAdminConnection(address, {
        onEvent: (event) => {
          this.log.read();
          if (event.type === 'streams') this.streamsEmitter.fire();
          if (event.type !== 'status') return;
          this.log.follow(event.status.folder);
          this.set(this.runningState(event.status));
          resolve(event.status);
        },
        onEnd: (reason) => {
          reject(new Error(`The connection to ${address.endpoint} failed: ${reason}.`));
          if (this.current.type === 'running') void this.lost(address, reason);
        },
      });
    });
  }

  private runningState(status: EngineStatus): EngineState {
    const { restarted } = this;
    return { type: 'running', status, ...(restarted && { restarted }) };
  }

  private detach(): void {
    this.connection?.dispose();
    this.connection = undefined;
    this.own = undefined;
  }

  /** The engine went away without this window's doing: a stop takes its lock along, a death does not. */
  private async lost(address: EngineAddress, why: string): Promise<void> {
    this.log.read();
    this.parts.logger.warn(`engine lost: ${why}`);
    this.detach();
    this.set({ type: 'starting', reason: 'The local engine ended; looking why.' });
    const isHeld = await this.isHeldStill();
    if (this.isDisposed || this.current.type !== 'starting' || this.underWay) return;
    if (!isHeld)
      return this.set({ type: 'stopped', reason: 'The engine was stopped outside this window.' });
    this.parts.logger.warn(`the engine of ${address.endpoint} died; starting it again`);
    await this.restart();
  }

  /** False once the folder was given back: an engine that is stopped is silent first and does that last. */
  private async isHeldStill(): Promise<boolean> {
    const { clock, options } = this.parts;
    const { folder } = options();
    const untilMs = clock.monotonic() + closingMaxMs;
    for (;;) {
      await delay(clock, lockLookMs);
      const lock = await readLock(folder);
      const isOver = this.isDisposed || this.underWay || clock.monotonic() > untilMs;
      const isEnding = lock && isAlive(lock.pid) && !isOver && !(await isEngineAt(lock));
      // What was read may have been given back since; what cannot be read may be the next engine's.
      if (!isEnding) return hasLock(folder);
    }
  }

  private async restart(): Promise<void> {
    const delayMs = this.restarts.take(this.parts.clock.monotonic());
    if (delayMs === undefined) {
      const reason = `The local engine ended ${restartsPerMinuteMax} times within a minute.`;
      return this.set({
        type: 'failed',
        reason: `${reason} Start it again once the log says why.`,
      });
    }
    await delay(this.parts.clock, delayMs);
    if (this.isDisposed || this.current.type !== 'starting') return;
    this.restarted = { count: (this.restarted?.count ?? 0) + 1, atMs: this.parts.clock.now() };
    await this.startOnce('The local engine ended unexpectedly and is being started again.').catch(
      () => undefined, // the state says it
    );
  }

  private set(state: EngineState): void {
    this.current = state;
    if (!this.isDisposed) this.stateEmitter.fire(state);
  }
}

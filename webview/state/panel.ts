/** The panel without its looks: takes what the host says, and does what the user asks for. */

import type { Disposable } from '../../src/base/disposable.ts';
import { messageOf } from '../../src/base/errors.ts';
import type { PanelMethods, PanelState, PanelSubject } from '../../src/protocol/panel.ts';
import type { TailStart, TailStop, TailTick } from '../../src/protocol/tail.ts';
import { Announcer } from './announcer.ts';
import type { Surroundings } from './host.ts';
import { initialModel, type PanelModel } from './panelModel.ts';
import { Rows } from './rows.ts';
import { Saver } from './saver.ts';
import { Selection } from './selection.ts';
import { Store } from './store.ts';

const saveEveryMs = 1000;
/** Typing pauses this long before a filter is tried. */
const filterDelayMs = 150;

/** Methods that only ask for something to be done. */
type Request = {
  [N in keyof PanelMethods]: ReturnType<PanelMethods[N]> extends void ? N : never;
}[keyof PanelMethods];

export class Panel {
  readonly store = new Store<PanelModel>(initialModel);
  readonly rows: Rows;
  readonly selection: Selection;
  private readonly world: Surroundings;
  private readonly announcer = new Announcer();
  private readonly saver: Saver<PanelState>;
  private savedText = '';
  private typing: Disposable | undefined;
  private tail: number | undefined;

  constructor(world: Surroundings) {
    const { host, clock } = world;
    this.world = world;
    this.saver = new Saver(clock, (state) => world.saveState(state));
    this.rows = new Rows({
      store: this.store,
      now: () => clock.now(),
      fetch: (params) => host.call('page', params),
    });
    this.selection = new Selection({
      store: this.store,
      rows: this.rows,
      record: (params, signal) => host.call('record', params, signal),
    });
  }

  /** Says to the host that ticks may come. */
  async start(): Promise<void> {
    const { host } = this.world;
    host.on('subject', (subject) => this.showSubject(subject));
    host.on('tick', (tick) => this.takeTick(tick));
    try {
      this.showSubject(await host.call('ready', {}));
    } catch (thrown) {
      this.store.update({ isReady: true, refusal: messageOf(thrown) });
    }
  }

  /** Asks the host to do something; a refusal is shown. */
  async ask<N extends Request>(method: N, params: Parameters<PanelMethods[N]>[0]): Promise<void> {
    this.dismissRefusal();
    try {
      await this.world.host.call(method, params);
    } catch (thrown) {
      this.store.update({ refusal: messageOf(thrown) });
    }
  }

  togglePause(): void {
    const isPaused = this.store.get().tick?.state === 'paused';
    void this.ask(isPaused ? 'resume' : 'pause', {});
  }

  restart(start: TailStart): void {
    void this.ask('restart', { start });
  }

  /** Starts as many minutes ago, by this machine's clock. */
  restartMinutesAgo(minutes: number): void {
    const timestampMs = this.world.clock.now() - minutes * 60_000;
    this.restart({ type: 'AT_TIMESTAMP', timestampMs });
  }

  /** Undefined: it goes on until it is paused. */
  stopAt(stop: TailStop | undefined): void {
    void this.ask('stopAt', { stop });
  }

  /** By this machine's clock. */
  stopInMinutes(minutes: number): void {
    const timestampMs = this.world.clock.now() + minutes * 60_000;
    this.stopAt({ type: 'AT_TIMESTAMP', timestampMs });
  }

  toggleTimeZone(): void {
    const zone = this.store.get().zone === 'utc' ? 'local' : 'utc';
    this.store.update({ zone });
    void this.ask('setTimeZone', { timeZone: zone });
  }

  /** Shows `text` in the box; it comes into force when typing pauses. */
  typeFilter(text: string): void {
    this.store.update({ filter: text });
    this.typing?.dispose();
    this.typing = this.world.clock.schedule(filterDelayMs, () => this.applyFilter(text));
  }

  /** Brings `text` into force at once. */
  applyFilter(text: string): void {
    this.typing?.dispose();
    this.typing = undefined;
    this.store.update({ filter: text });
    const { tick, zone } = this.store.get();
    const utcOffsetMinutes = zone === 'utc' ? 0 : this.world.utcOffsetMinutes();
    if (text !== tick?.filter) void this.ask('filter', { text, utcOffsetMinutes });
  }

  copy(text: string, what: string): void {
    void this.ask('copy', { text, what });
  }

  dismissRefusal(): void {
    this.store.update({ refusal: undefined });
  }

  private showSubject(subject: PanelSubject | undefined): void {
    this.store.update({ isReady: true, subject, zone: subject?.timeZone ?? 'local' });
  }

  private takeTick(tick: TailTick): void {
    if (tick.tail !== this.tail) this.meetTail(tick);
    this.store.update({ tick });
    if (this.rows.follow(tick)) this.selection.forget();
    this.selection.keepHeld();
    const announcement = this.announcer.next(tick, this.world.clock.now());
    if (announcement !== undefined) this.store.update({ announcement });
    this.save(tick);
  }

  /** The first tick of a tail says what filters it. */
  private meetTail({ tail, filter }: TailTick): void {
    this.tail = tail;
    if (!this.typing) this.store.update({ filter });
  }

  private save(tick: TailTick): void {
    const { subject } = this.store.get();
    if (!subject) return;
    const { resume, reached, filter } = tick;
    const place = { connection: subject.connection.id, stream: subject.stream };
    const state = { ...place, resume, reached, filter };
    const text = JSON.stringify(state);
    if (text === this.savedText) return;
    this.savedText = text;
    this.saver.put(state, saveEveryMs);
  }
}

/** The panel without its looks: takes what the host says, and does what the user asks for. */

import { engineTimeAt } from '../../src/admin/controls.ts';
import type { Disposable } from '../../src/base/disposable.ts';
import { messageOf } from '../../src/base/errors.ts';
import { unpackNewest, unpackTick } from '../../src/protocol/packedTick.ts';
import type {
  PanelMethods,
  PanelState,
  PanelSubject,
  StreamQueries,
} from '../../src/protocol/panel.ts';
import type {
  FullRecordAsked,
  RecordPlace,
  TailPage,
  TailStart,
  TailStop,
  TailTick,
} from '../../src/protocol/tail.ts';
import { inOneLine } from '../../src/query/printQuery.ts';
import { ColumnsState } from '../columns/columnsState.ts';
import { Announcer } from './announcer.ts';
import type { Surroundings } from './host.ts';
import { Memory } from './memory.ts';
import { initialModel, type PanelModel } from './panelModel.ts';
import { RecordCommands } from './recordCommands.ts';
import { RowPress } from './rowPress.ts';
import { Rows } from './rows.ts';
import { Saver } from './saver.ts';
import { Selection } from './selection.ts';
import { Store } from './store.ts';
import { Timeline } from './timeline.ts';
import { atHand } from './viewport.ts';

/** What ticks change. */
const saveEveryMs = 1000;
/** While it is scrolled. */
const saveMovedMs = 100;
/** Typing pauses this long before a filter is tried. */
const filterDelayMs = 150;
const droppedWords = 'The selected row is held no longer: newer ones took its place.';

/** Methods that only ask for something to be done. */
type Request = {
  [N in keyof PanelMethods]: ReturnType<PanelMethods[N]> extends void ? N : never;
}[keyof PanelMethods];

export class Panel {
  readonly store = new Store<PanelModel>(initialModel);
  readonly rows: Rows;
  readonly selection: Selection;
  readonly rowPress: RowPress;
  readonly records: RecordCommands;
  private readonly memory: Memory;
  readonly columns: ColumnsState;
  readonly timeline: Timeline;
  private readonly world: Surroundings;
  private readonly announcer = new Announcer();
  private readonly saver: Saver;
  private savedText = '';
  private saved: Record<'chosen' | 'moved', readonly unknown[]> = { chosen: [], moved: [] };
  private notedFilter = '';
  private typing: Disposable | undefined;
  /** That the tail has, or will have once it did what it was asked for last. */
  private filterInForce: string | undefined;
  /** How many were asked for and not answered yet. */
  private filtersAsked = 0;
  private tail: number | undefined;

  constructor(world: Surroundings) {
    const { host, clock } = world;
    this.world = world;
    this.saver = new Saver({ clock, restMs: saveEveryMs, save: () => this.save() });
    this.rows = new Rows({
      store: this.store,
      now: () => this.nowMs,
      fetch: (params) => host.call('page', { ...params, ...this.columns.asked }),
      asked: () => this.columns.asked,
      // Without them rows are asked for, as they always can be.
      followNewest: (asked) => void host.call('follow', asked).catch(() => undefined),
    });
    this.selection = new Selection({
      store: this.store,
      rows: this.rows,
      record: (params, signal) => host.call('record', params, signal),
      find: (params) => host.call('findRecord', params),
    });
    const { store, rows, selection } = this;
    this.rowPress = new RowPress({ store, rows, clock });
    this.records = new RecordCommands({
      store,
      rows,
      isLoading: () => selection.isLoading,
      ask: (method, asked) => void this.ask(method, asked),
      copyLink: (params) => void this.ask('copyLink', params),
    });
    const find = (place: RecordPlace) => host.call('findRecord', place);
    this.memory = new Memory({ store, rows, selection, find });
    this.columns = new ColumnsState({
      host,
      refresh: () => this.rows.refresh(),
      save: () => this.saver.ask(),
      atHand: () => atHand(this.store.get().viewport),
      active: () => this.store.get().active,
      goTo: (position) => this.selection.goTo(position),
      announce: (announcement) => this.store.update({ announcement }),
      refuse: (refusal) => this.store.update({ refusal }),
    });
    this.store.update({ isHistogramShown: world.savedState()?.isHistogramShown });
    this.timeline = new Timeline({
      store: this.store,
      show: (shown) => void this.ask('showHistogram', { shown }),
      positionAt: (asked) => host.call('positionAt', asked),
      lead: (position) => this.lead(position),
      save: () => this.saver.ask(),
      utcOffsetMinutes: (epochMs) => this.utcOffsetMinutes(epochMs),
      filter: (text, when) => (when === 'now' ? this.applyFilter(text) : this.typeFilter(text)),
    });
  }

  /** Says to the host that ticks may come. */
  async start(): Promise<void> {
    const { host } = this.world;
    host.on('subject', (subject) => this.showSubject(subject));
    host.on('tick', (packed) => this.takeTick(unpackTick(packed), unpackNewest(packed)));
    this.store.subscribe((model) => this.saveChanged(model));
    host.on('useQuery', ({ text }) => this.useFilter(text));
    try {
      const subject = await host.call('ready', { timeZone: this.world.timeZone() });
      // What was kept is of a stream that is shown no more.
      if (!subject) this.world.saveState(undefined);
      this.showSubject(subject);
    } catch (thrown) {
      this.store.update({ isReady: true, refusal: messageOf(thrown) });
    }
  }

  /** Asks the host to do something; a refusal is shown, and false then. */
  async ask<N extends Request>(
    method: N,
    params: Parameters<PanelMethods[N]>[0],
  ): Promise<boolean> {
    this.dismissRefusal();
    try {
      await this.world.host.call(method, params);
      return true;
    } catch (thrown) {
      this.store.update({ refusal: messageOf(thrown) });
      return false;
    }
  }

  togglePause(): void {
    const isPaused = this.store.get().tick?.state === 'paused';
    void this.ask(isPaused ? 'resume' : 'pause', {});
  }

  restart(start: TailStart): void {
    void this.ask('restart', { start });
  }

  /** Of the stream's clock, epoch milliseconds. */
  get nowMs(): number {
    const machineMs = this.world.clock.now();
    const { clock } = this.store.get().subject ?? {};
    return clock ? engineTimeAt(clock, machineMs) : machineMs;
  }

  /** Starts as many minutes ago, by the stream's clock. */
  restartMinutesAgo(minutes: number): void {
    const timestampMs = this.nowMs - minutes * 60_000;
    this.restart({ type: 'AT_TIMESTAMP', timestampMs });
  }

  /** Undefined: it goes on until it is paused. */
  stopAt(stop: TailStop | undefined): void {
    void this.ask('stopAt', { stop });
  }

  /** By the stream's clock. */
  stopInMinutes(minutes: number): void {
    const timestampMs = this.nowMs + minutes * 60_000;
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

  /** Brings it into force at once. */
  applyFilter(asked: string): void {
    const text = inOneLine(asked);
    this.typing?.dispose();
    this.typing = undefined;
    this.store.update({ filter: text });
    if (text !== this.filterInForce) void this.sendFilter(text);
  }

  /** Ticks that come before the answer may tell of filters before it, those behind the answer do not. */
  private async sendFilter(text: string): Promise<void> {
    this.filterInForce = text;
    this.filtersAsked++;
    const isDone = await this.ask('filter', { text, timeZone: this.timeZone });
    this.filtersAsked--;
    if (isDone || this.filterInForce !== text) return;
    const { tick } = this.store.get();
    this.filterInForce = tick && inOneLine(tick.filter);
  }

  /** Brings `text` into force and remembers it as one that was meant. */
  useFilter(text: string): void {
    this.applyFilter(text);
    this.noteFilter(text);
  }

  /** The user is done with what is in the box. */
  noteFilter(text: string): void {
    if (text.trim() === '' || text === this.notedFilter) return;
    this.notedFilter = text;
    // One that is not remembered is no loss to speak of.
    void this.world.host.call('noteQuery', { text }).catch(() => undefined);
  }

  /** Those of the stream; none while the host does not say. */
  async queries(): Promise<StreamQueries | undefined> {
    try {
      return await this.world.host.call('queries', {});
    } catch (thrown) {
      this.store.update({ refusal: messageOf(thrown) });
      return undefined;
    }
  }

  /** Shows a row and makes it the active one. */
  lead(position: number): void {
    this.selection.select(position);
    this.rows.lead(position);
  }

  /** Of the clock that times are shown on, its IANA name. */
  get timeZone(): string {
    return this.store.get().zone === 'utc' ? 'UTC' : this.world.timeZone();
  }

  /** Of that clock at that moment, minutes east of UTC. */
  private utcOffsetMinutes(epochMs: number): number {
    return this.store.get().zone === 'utc' ? 0 : this.world.utcOffsetMinutes(epochMs);
  }

  copy(text: string, what: string): void {
    void this.ask('copy', { text, what });
  }

  /** What copies of a record are made with. */
  get copying() {
    return {
      record: (asked: FullRecordAsked) => this.world.host.call('record', asked),
      copy: (text: string, what: string) => this.copy(text, what),
      refuse: (refusal: string) => this.store.update({ refusal }),
    };
  }

  dismissRefusal(): void {
    this.store.update({ refusal: undefined });
  }

  private showSubject(subject: PanelSubject | undefined): void {
    const before = this.store.get().subject;
    this.store.update({ isReady: true, subject, zone: subject?.timeZone ?? 'local' });
    this.columns.meet(subject);
    this.timeline.settle();
    if (!before && subject) this.restore(subject);
    // What is still looked for is of another stream.
    if (before && subject && !isSameStream(before, subject)) this.memory.restore({});
    if (before && looksOther(before.look, subject?.look)) this.showAnew();
  }

  private restore({ connection, stream }: PanelSubject): void {
    const saved = this.world.savedState();
    if (saved?.stream !== stream || saved.connection !== connection.id) return;
    this.memory.restore(saved);
    const { tick } = this.store.get();
    if (tick) void this.memory.look(tick);
  }

  /** Records are decoded otherwise, or more or less of them is hidden. */
  private showAnew(): void {
    this.rows.refetch();
    void this.selection.reload();
  }

  private takeTick(tick: TailTick, newest: TailPage | undefined): void {
    // Rows of another tail have other ids.
    const kept = tick.tail === this.tail ? this.selection.kept : undefined;
    if (tick.tail !== this.tail) this.meetTail(tick);
    else this.followFilter(tick);
    this.store.update({ tick });
    this.timeline.take(tick);
    if (this.rows.follow(tick, newest)) this.selection.forget(kept);
    const dropped = this.selection.dropActive() ? droppedWords : undefined;
    this.columns.follow(tick);
    this.announce(dropped, this.announcer.next(tick, this.world.clock.now()));
    void this.memory.look(tick);
    this.saver.ask();
  }

  private announce(...sentences: readonly (string | undefined)[]): void {
    const announcement = sentences.filter((sentence) => sentence !== undefined).join(' ');
    if (announcement) this.store.update({ announcement });
  }

  /** The first tick of a tail says what filters it. */
  private meetTail(tick: TailTick): void {
    const filter = inOneLine(tick.filter);
    this.tail = tick.tail;
    this.filterInForce = filter;
    if (!this.typing) this.store.update({ filter });
    this.timeline.meetTail();
  }

  /** What its user does with it: the page may be destroyed without notice next, by another tab in its place. */
  private saveChanged({ details, isDetailsOpen, active, viewport, rowsVersion }: PanelModel): void {
    const chosen = [details, isDetailsOpen, active, viewport.follows];
    // What follows the newest rows moves with ticks.
    const moved = viewport.follows ? [] : [viewport, rowsVersion];
    const { saved } = this;
    this.saved = { chosen, moved };
    if (!isSame(chosen, saved.chosen)) this.saver.ask(0);
    else if (!isSame(moved, saved.moved)) this.saver.ask(saveMovedMs);
  }

  /** Another filter than what was asked for came into force: a link brought it. */
  private followFilter(tick: TailTick): void {
    const filter = inOneLine(tick.filter);
    if (this.filtersAsked > 0 || filter === this.filterInForce) return;
    const isInBox = this.store.get().filter === this.filterInForce;
    this.filterInForce = filter;
    if (!this.typing && isInBox) this.store.update({ filter });
  }

  /** False: there is nothing to save that was not. */
  private save(): boolean {
    const { subject, tick, isHistogramShown } = this.store.get();
    if (!subject || !tick) return false;
    const { resume, reached, filter } = tick;
    const place = { connection: subject.connection.id, stream: subject.stream };
    const { saved: columns } = this.columns;
    const shown = { ...this.memory.state, columns, isHistogramShown };
    const state: PanelState = { ...place, resume, reached, filter, ...shown };
    const text = JSON.stringify(state);
    if (text === this.savedText) return false;
    this.savedText = text;
    this.world.saveState(state);
    return true;
  }
}

const isSame = (parts: readonly unknown[], before: readonly unknown[]): boolean =>
  parts.length === before.length && parts.every((part, at) => part === before[at]);

/** True when rows that were fetched before may not be shown any more. */
const isSameStream = (before: PanelSubject, now: PanelSubject): boolean =>
  before.stream === now.stream && before.connection.id === now.connection.id;

function looksOther(before: PanelSubject['look'], now: PanelSubject['look']): boolean {
  const { mask, pinned = [] } = now ?? {};
  const isSame =
    mask?.patterns === before?.mask?.patterns && mask?.revision === before?.mask?.revision;
  return !isSame || pinned.join() !== (before?.pinned ?? []).join();
}

/** The panel without its looks: takes what the host says, and does what the user asks for. */

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
import { ColumnsState } from '../columns/columnsState.ts';
import { Announcer } from './announcer.ts';
import { DetailsMemory } from './detailsMemory.ts';
import type { Surroundings } from './host.ts';
import { type DetailsContent, initialModel, type PanelModel } from './panelModel.ts';
import { RecordCommands } from './recordCommands.ts';
import { Rows } from './rows.ts';
import { Saver } from './saver.ts';
import { Selection } from './selection.ts';
import { Store } from './store.ts';
import { Timeline } from './timeline.ts';
import { atHand } from './viewport.ts';

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
  readonly records: RecordCommands;
  private readonly memory: DetailsMemory;
  readonly columns: ColumnsState;
  readonly timeline: Timeline;
  private readonly world: Surroundings;
  private readonly announcer = new Announcer();
  private readonly saver: Saver<PanelState>;
  private savedText = '';
  private savedDetails: { content: DetailsContent; isOpen: boolean } | undefined;
  private notedFilter = '';
  private typing: Disposable | undefined;
  private tail: number | undefined;

  constructor(world: Surroundings) {
    const { host, clock } = world;
    this.world = world;
    this.saver = new Saver(clock, (state) => world.saveState(state));
    this.rows = new Rows({
      store: this.store,
      now: () => clock.now(),
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
    this.records = new RecordCommands({
      store,
      rows,
      isLoading: () => selection.isLoading,
      ask: (method, asked) => void this.ask(method, asked),
      copyLink: (params) => void this.ask('copyLink', params),
    });
    const find = (place: RecordPlace) => host.call('findRecord', place);
    this.memory = new DetailsMemory({ store, selection, find });
    this.columns = new ColumnsState({
      host,
      refresh: () => this.rows.refresh(),
      save: () => this.save(),
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
      save: () => this.save(),
      utcOffsetMinutes: (epochMs) => this.utcOffsetMinutes(epochMs),
      filter: (text, when) => (when === 'now' ? this.applyFilter(text) : this.typeFilter(text)),
    });
  }

  /** Says to the host that ticks may come. */
  async start(): Promise<void> {
    const { host } = this.world;
    host.on('subject', (subject) => this.showSubject(subject));
    host.on('tick', (packed) => this.takeTick(unpackTick(packed), unpackNewest(packed)));
    this.store.subscribe(({ details, isDetailsOpen }) => this.saveDetails(details, isDetailsOpen));
    host.on('useQuery', ({ text }) => this.useFilter(text));
    try {
      const utcOffsetMinutes = this.world.utcOffsetMinutes();
      const subject = await host.call('ready', { utcOffsetMinutes });
      // What was kept is of a stream that is shown no more.
      if (!subject) this.world.saveState(undefined);
      this.showSubject(subject);
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
    const { tick } = this.store.get();
    const utcOffsetMinutes = this.utcOffsetMinutes();
    if (text !== tick?.filter) void this.ask('filter', { text, utcOffsetMinutes });
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

  /** Of the clock that times are shown on, at that moment or now, minutes east of UTC. */
  utcOffsetMinutes(epochMs?: number): number {
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
    if (!before && subject) this.restoreDetails(subject);
    if (before && looksOther(before.look, subject?.look)) this.showAnew();
  }

  private restoreDetails({ connection, stream }: PanelSubject): void {
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
    this.selection.keepHeld();
    this.columns.follow(tick);
    const announcement = this.announcer.next(tick, this.world.clock.now());
    if (announcement !== undefined) this.store.update({ announcement });
    void this.memory.look(tick);
    this.save();
  }

  /** The first tick of a tail says what filters it. */
  private meetTail({ tail, filter }: TailTick): void {
    this.tail = tail;
    if (!this.typing) this.store.update({ filter });
    this.timeline.meetTail();
  }

  /** A paused tail ticks no more, and its details are opened and closed all the same. */
  private saveDetails(content: DetailsContent, isOpen: boolean): void {
    if (content === this.savedDetails?.content && isOpen === this.savedDetails.isOpen) return;
    this.savedDetails = { content, isOpen };
    this.save();
  }

  /** Another filter than the one in the box came into force: a link brought it. */
  private followFilter({ filter }: TailTick): void {
    const { tick, filter: shown } = this.store.get();
    if (!this.typing && tick && shown === tick.filter && filter !== shown) {
      this.store.update({ filter });
    }
  }

  private save(): void {
    const { subject, tick, isHistogramShown } = this.store.get();
    if (!subject || !tick) return;
    const { resume, reached, filter } = tick;
    const place = { connection: subject.connection.id, stream: subject.stream };
    const { saved: columns } = this.columns;
    const { state: details } = this.memory;
    const state = { ...place, resume, reached, filter, details, columns, isHistogramShown };
    const text = JSON.stringify(state);
    if (text === this.savedText) return;
    this.savedText = text;
    this.saver.put(state, saveEveryMs);
  }
}

/** True when rows that were fetched before may not be shown any more. */
function looksOther(before: PanelSubject['look'], now: PanelSubject['look']): boolean {
  const { mask, pinned = [] } = now ?? {};
  const isSame =
    mask?.patterns === before?.mask?.patterns && mask?.revision === before?.mask?.revision;
  return !isSame || pinned.join() !== (before?.pinned ?? []).join();
}

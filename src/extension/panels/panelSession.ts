/**
 * One stream panel: connects a webview with a tail in the worker thread. Pages pass through unread;
 * what the panel asks beyond its tail becomes a command. A tail that cannot be is told as a problem.
 */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { messageOf } from '../../base/errors.ts';
import { Channel, type Handlers } from '../../protocol/channel.ts';
import type { GridColumns } from '../../protocol/columns.ts';
import type { SeekAsked, SeekFound } from '../../protocol/histogram.ts';
import type { PackedTick } from '../../protocol/packedTick.ts';
import type { PanelEvents, PanelMethods, PanelSubject } from '../../protocol/panel.ts';
import type {
  NewestAsked,
  ProblemAction,
  TailPage,
  TailStart,
  TailStop,
} from '../../protocol/tail.ts';
import { goesByClock } from '../../query/clockTimes.ts';
import { localConnectionId } from '../connections/connection.ts';
import { askQuery, type QueryWork } from '../queries/askQuery.ts';
import { RestartBudget } from '../restartBudget.ts';
import { onTimeZone, readAwsReads, readTailBounds, writeTimeZone } from '../settings.ts';
import { systemClock } from '../systemClock.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import { columnsOf } from './columnMemory.ts';
import { type CommandPanel, commandHandlers, runCommand } from './commandHandlers.ts';
import type { LinkPlace } from './followLink.ts';
import type { HeldRows } from './heldRows.ts';
import { LastTick } from './lastTick.ts';
import { PagePort } from './pagePort.ts';
import { type LinkedPanel, PanelLinks } from './panelLinks.ts';
import type { PanelParts } from './panelParts.ts';
import { PanelRates } from './panelRates.ts';
import type { PanelRequest } from './panelRequest.ts';
import { subjectOf } from './panelSubject.ts';
import { queryHandlers } from './queryHandlers.ts';
import { type RecordPanel, recordHandlers } from './recordHandlers.ts';
import { failedTick } from './tickOf.ts';

type NoMethods = Record<never, never>;
type PanelChannel = Channel<NoMethods, NoMethods, PanelEvents>;

export class PanelSession implements Disposable {
  private readonly parts: PanelParts;
  readonly where: 'editor' | 'bottom';
  private readonly store = new DisposableStore();
  private readonly focused = new Emitter<boolean>();
  private readonly page: PagePort;
  private readonly channel: PanelChannel;
  private request: PanelRequest | undefined;
  private tail: number | undefined;
  private readonly lastTick = new LastTick();
  private readonly rates: PanelRates;
  private isVisible = true;
  private readonly links: PanelLinks;
  private opening = 0;
  private readonly restarts = new RestartBudget(3);
  /** The focus came into its page, or left it. */
  readonly onFocus = this.focused.event;

  constructor(parts: PanelParts, webview: vscode.Webview, where: 'editor' | 'bottom') {
    this.parts = parts;
    this.where = where;
    const place = (): StreamPlace | undefined => this.request;
    this.rates = new PanelRates({ rates: parts.rates, tick: this.lastTick, place });
    this.links = new PanelLinks(this.linkedPanel());
    this.page = this.store.add(new PagePort(webview));
    this.channel = this.store.add(new Channel(this.page));
    this.channel.serve<PanelMethods>(this.handlers());
    this.store.add(parts.worker.onTick((tick) => this.takeTick(tick)));
    this.store.add(parts.worker.onDied((reason) => this.reopen(reason)));
    this.store.add(parts.connections.onChange(() => this.tellSubject()));
    this.store.add(parts.records.onLook(() => this.tellSubject()));
    this.store.add(onTimeZone(() => this.changeZone()));
    this.store.add(parts.times.onZone(() => this.changeZone()));
    this.store.add(parts.records.pins.onChange((place) => void this.repin(place)));
    this.store.add(parts.engine.onState(({ type }) => type === 'running' && this.engineRuns()));
  }

  get place(): StreamPlace | undefined {
    return this.request;
  }

  /** Undefined while its tail is not open. */
  get heldRows(): HeldRows | undefined {
    const { request, tail } = this;
    const lastTick = this.lastTick.get();
    if (!request || tail === undefined || !lastTick) return undefined;
    const { connection, stream } = request;
    return { connection, stream, tail, filter: lastTick.filter, ...lastTick.records };
  }

  /** Shows a stream from now on; resolves when its tail is open or its problem is told. */
  async open(request: PanelRequest): Promise<void> {
    this.links.left();
    this.closeTail();
    this.rates.forget();
    this.request = request;
    this.lastTick.set(undefined);
    this.tellSubject();
    await this.openTail(request);
  }

  /** Shows no stream any more. */
  closeStream(): void {
    this.closeTail();
    this.rates.forget();
    this.request = undefined;
    this.lastTick.set(undefined);
  }

  setVisible(visible: boolean): void {
    this.isVisible = visible;
    void this.showTail();
    if (visible) return;
    this.rates.forget();
    this.links.hidden();
  }

  /** Forgets the rows and begins elsewhere. */
  async restart(start: TailStart): Promise<void> {
    this.links.left();
    if (this.request) this.request = { ...this.request, start, link: undefined };
    if (this.tail !== undefined) {
      return this.parts.worker.call('restartTail', { tail: this.tail, start });
    }
    if (this.request) await this.openTail(this.request);
  }

  /** Forgets the rows, begins at a place and leads to it. */
  async startAt(start: TailStart): Promise<void> {
    await this.restart(start);
    this.links.began({ start, filter: this.lastTick.get()?.filter ?? '' });
  }

  /** Pauses by itself there; undefined: no more. */
  async stopAt(stop: TailStop | undefined): Promise<void> {
    await this.parts.worker.call('stopTail', { tail: this.openedTail, stop });
  }

  /** Goes where a link leads, in the rows that are open. */
  goTo(link: LinkPlace): Promise<void> {
    return this.links.goTo(link);
  }

  /** Hands a command of the palette or of a key to the panel. */
  command(name: PanelEvents['command']['name']): void {
    this.channel.emit('command', { name });
  }

  /** Offers the saved queries of the stream; the chosen one comes into force. */
  async chooseQuery(text = this.lastTick.get()?.filter ?? ''): Promise<void> {
    const query = await askQuery(this.queryWork(text));
    if (query !== undefined) this.channel.emit('useQuery', { text: query });
  }

  queryWork(text: string): QueryWork {
    if (!this.request) throw new Error('This panel shows no stream yet.');
    return { queries: this.parts.queries, place: this.request, text };
  }

  /** Leads the panel to a moment or a record among its rows, if it is there. */
  leadTo(asked: SeekAsked): Promise<SeekFound['type']> {
    return this.links.leadTo(asked);
  }

  async clearFilter(): Promise<void> {
    await this.filter(this.openedTail, '');
  }

  dispose(): void {
    this.links.left();
    this.closeTail();
    this.rates.forget();
    this.store.dispose();
  }

  private subject(): PanelSubject | undefined {
    const { request: place, where, columns } = this;
    return place && subjectOf({ place, where, columns }, this.parts);
  }

  private get columns(): GridColumns | undefined {
    return this.request && (this.request.columns ?? this.parts.columns.get(this.request));
  }

  private setColumns(columns: GridColumns | undefined): void {
    if (!this.request) return;
    this.request = { ...this.request, columns };
    this.parts.columns.set(this.request, columns);
    if (this.tail !== undefined) this.watchOrder(this.tail);
  }

  private watchOrder(tail: number): void {
    const path = this.columns?.order;
    this.parts.worker.call('watchTailOrder', { tail, path }).catch(() => undefined);
  }

  /** A hidden panel asks for it once it is shown again. */
  private tellSubject(): void {
    const subject = this.isVisible ? this.subject() : undefined;
    if (subject) this.channel.emit('subject', subject);
  }

  /** Times without a zone in the filter are those of the other clock from now on. */
  private changeZone(): void {
    this.tellSubject();
    const { tail } = this;
    const filter = this.lastTick.get()?.filter ?? '';
    if (tail === undefined || !goesByClock(filter)) return;
    this.filter(tail, filter).catch(() => undefined);
  }

  /** By the clock that the tails show, as a panel itself does. */
  private async filter(tail: number, text: string): Promise<void> {
    const { worker, times } = this.parts;
    await worker.call('filterTail', { tail, ...times.query(text) });
  }

  /** A later `open` makes an earlier one void. */
  private async openTail(request: PanelRequest): Promise<void> {
    const opening = ++this.opening;
    const { connection, stream, start, until, filter, note, link } = request;
    try {
      if (connection === localConnectionId) await this.parts.engine.start();
      if (!this.parts.connections.find(connection)) {
        throw new Error(`There is no connection "${connection.replace(/^aws:/, '')}" any more.`);
      }
      this.parts.connections.declare(connection);
      const pinned = this.parts.records.pins.of(request);
      const asked = {
        connection,
        stream,
        start,
        until,
        note,
        pinned,
        ...readTailBounds(),
        ...readAwsReads(),
      };
      const { tail, isShared } = await this.parts.worker.call('openTail', asked);
      if (opening !== this.opening) return this.close(tail);
      this.tail = tail;
      if (this.columns?.order) this.watchOrder(tail);
      if (filter) await this.filter(tail, filter);
      void this.showTail();
      if (link) this.links.opened(link, isShared);
    } catch (thrown) {
      if (opening === this.opening) this.tellProblem(thrown);
    }
  }

  /** The user chose how this stream is decoded. */
  private async repin({ connection, stream }: StreamPlace): Promise<void> {
    const { request, tail } = this;
    if (request?.connection !== connection || request.stream !== stream) return;
    const pinned = this.parts.records.pins.of(request);
    if (tail !== undefined) await this.parts.worker.call('pinTail', { tail, pinned });
    this.parts.records.documents.refresh();
    this.tellSubject();
  }

  private tellProblem(thrown: unknown): void {
    const start = this.resumeStart();
    const isLocal = this.request?.connection === localConnectionId;
    const isStopped = isLocal && this.parts.engine.state.type !== 'running';
    const action: ProblemAction = isStopped ? 'startEngine' : 'retry';
    const problem = { message: messageOf(thrown), action };
    const bounds = readTailBounds();
    const { filter = '', until: reached } = this.request ?? {};
    const last = this.lastTick.get();
    this.rates.forget();
    this.lastTick.set(failedTick({ last, problem, start, filter, reached, bounds }));
    this.tellLastTick();
  }

  private resumeStart(): TailStart {
    return this.lastTick.get()?.resume ?? this.request?.start ?? { type: 'LATEST' };
  }

  private takeTick(tick: PackedTick): void {
    if (tick.tail !== this.tail || !this.request) return;
    this.lastTick.take(tick);
    // A page that is behind asks for what it shows when it has come so far; rows do not queue up for it.
    this.channel.emit('tick', this.page.isBehind ? { ...tick, newest: undefined } : tick);
    if (this.isVisible) this.rates.tick();
    this.links.ticked();
  }

  private tellLastTick(): void {
    const tick = this.lastTick.packed();
    if (tick) this.channel.emit('tick', tick);
  }

  /** Opens the same stream again where it was, and says why in the list. */
  private async again(note?: string): Promise<void> {
    if (!this.request) return;
    const start = this.resumeStart();
    const last = this.lastTick.get();
    const filter = last?.filter ?? this.request.filter;
    this.closeTail();
    // One that never was is opened as it was asked for; one that was paused comes back paused.
    const never = last?.tail === 0;
    const isPaused = never || last?.state === 'paused';
    const until = isPaused ? last?.reached : undefined;
    const words = never ? (note ?? this.request.note) : note;
    const link = never ? this.request.link : undefined;
    await this.openTail({ ...this.request, start, until, filter, note: words, link });
  }

  private reopen(reason: string): void {
    if (this.tail === undefined) return;
    this.tail = undefined;
    if (this.restarts.take(performance.now()) === undefined) {
      this.tellProblem(new Error(`The worker thread ends again and again: ${reason}.`));
      return;
    }
    void this.again(`The tail was opened again here: its worker thread ended (${reason}).`);
  }

  /** The engine is there, or back: its port is known, and a tail that waits for it goes on by itself. */
  private engineRuns(): void {
    if (this.request?.connection !== localConnectionId) return;
    this.tellSubject();
    if (this.lastTick.get()?.state === 'failed') void this.mend();
  }

  /** A tail that has failed goes on with its rows; one that never was is opened. */
  private async mend(): Promise<void> {
    const { tail } = this;
    if (tail === undefined) return this.again();
    await this.parts.worker.call('resumeTail', { tail });
  }

  /** Resolves when a tick has told how the tail is, if it is visible. */
  private async showTail(): Promise<void> {
    const { tail, isVisible: visible } = this;
    if (tail === undefined) return;
    await this.parts.worker.call('showTail', { tail, visible }).catch(() => undefined);
  }

  private closeTail(): void {
    this.opening++;
    if (this.tail !== undefined) this.close(this.tail);
    this.tail = undefined;
  }

  private close(tail: number): void {
    if (!this.parts.worker.isRunning) return;
    this.parts.worker.call('closeTail', { tail }).catch(() => undefined);
  }

  private get openedTail(): number {
    if (this.tail !== undefined) return this.tail;
    throw new Error('The tail is not open. Try again once it is.');
  }

  private async seek(asked: SeekAsked): Promise<SeekFound> {
    return this.parts.worker.call('tailPositionAt', { ...asked, tail: this.openedTail });
  }

  /** Without a tail there is nothing to show: the first tick of one has it asked for again. */
  private async showHistogram(shown: boolean): Promise<void> {
    const { tail } = this;
    if (tail !== undefined) await this.parts.worker.call('showTailHistogram', { tail, shown });
  }

  /** Without a tail there are no rows to come: a new one is asked anew. */
  private async follow(asked: NewestAsked): Promise<void> {
    const { tail } = this;
    if (tail !== undefined) await this.parts.worker.call('followTail', { ...asked, tail });
  }

  private emptyPage(from: number): TailPage {
    const { generation = 0, moves } = this.lastTick.get() ?? {};
    return { generation, revision: moves?.revision ?? 0, from, rows: [] };
  }

  private async ready({ timeZone }: { timeZone: string }) {
    this.parts.times.tell(timeZone);
    this.page.renewed();
    setImmediate(() => {
      this.tellLastTick();
      void this.showTail();
      this.links.ready();
    });
    return this.subject();
  }

  private handlers(): Handlers<PanelMethods> {
    const { worker } = this.parts;
    return {
      ...recordHandlers(this.parts, this.asked()),
      ...commandHandlers(this.asked()),
      ...queryHandlers(this.parts.queries, this),
      ready: (params) => this.ready(params),
      focused: ({ has }) => this.focused.fire(has),
      left: () => this.links.left(),
      page: async (asked) =>
        this.tail === undefined
          ? this.emptyPage(asked.from)
          : worker.call('tailPage', { ...asked, tail: this.tail }),
      follow: (asked) => this.follow(asked),
      setColumns: ({ columns }) => this.setColumns(columnsOf(columns)),
      fields: async (asked) => worker.call('tailFields', { ...asked, tail: this.openedTail }),
      nextBroken: async (asked) => worker.call('nextBroken', { ...asked, tail: this.openedTail }),
      record: async (asked) => worker.call('tailRecord', { ...asked, tail: this.openedTail }),
      pause: async () => {
        this.links.left();
        await worker.call('pauseTail', { tail: this.openedTail });
      },
      resume: async () => worker.call('resumeTail', { tail: this.openedTail }),
      restart: ({ start }) => this.restart(start),
      stopAt: ({ stop }) => this.stopAt(stop),
      filter: async (asked) => {
        this.links.left();
        await worker.call('filterTail', { ...asked, tail: this.openedTail });
      },
      showHistogram: ({ shown }) => this.showHistogram(shown),
      positionAt: (asked) => this.seek(asked),
      setTimeZone: ({ timeZone }) => writeTimeZone(timeZone),
      copy: ({ text, what }) => this.copy(text, what),
      act: ({ action }) => this.act(action),
    };
  }

  private linkedPanel(): LinkedPanel {
    return {
      clock: systemClock,
      tail: () => this.tail,
      lastTick: () => this.lastTick.get(),
      show: () => this.showTail(),
      open: async (link) => {
        const { request } = this;
        const { start, filter } = link;
        const anew = { until: undefined, note: undefined };
        if (request) await this.open({ ...request, ...anew, start, filter, link });
      },
      filter: (tail, text) => this.filter(tail, text),
      find: (place) => this.seek(place),
      reveal: (shown) => this.channel.emit('reveal', shown),
      owes: () => this.channel.emit('owes', {}),
      restart: (start) => this.restart(start),
      resume: (tail) => this.parts.worker.call('resumeTail', { tail }),
      tell: (text) => this.parts.info(text),
      error: (thrown) => this.parts.error(thrown),
    };
  }

  /** As its handlers see it. */
  private asked(): RecordPanel & CommandPanel {
    const panel = this;
    return {
      where: panel.where,
      get tail() {
        return panel.tail;
      },
      get place() {
        return panel.place;
      },
      get openedTail() {
        return panel.openedTail;
      },
      get lastTick() {
        return panel.lastTick.get();
      },
    };
  }

  private async copy(text: string, what: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    this.parts.brief(`Copied ${what}`);
  }

  private async act(action: ProblemAction): Promise<void> {
    if (action === 'showLog') return runCommand('shardscope.showLog');
    if (action === 'startEngine') await this.parts.engine.start();
    await this.mend();
  }
}

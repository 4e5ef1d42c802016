/**
 * The extension host's side of the panel, in the panel's own page: it speaks the real protocol with
 * made-up flights, and tests drive it through `harness`.
 */
import { Emitter } from '../../../../src/base/emitter.ts';
import { Channel } from '../../../../src/protocol/channel.ts';
import type { GridColumns } from '../../../../src/protocol/columns.ts';
import { packTick } from '../../../../src/protocol/packedTick.ts';
import type {
  PanelEvents,
  PanelMethods,
  PanelState,
  PanelSubject,
  StreamQueries,
} from '../../../../src/protocol/panel.ts';
import type { PanelLook } from '../../../../src/protocol/record.ts';
import type {
  FullRecord,
  TailMove,
  TailStart,
  TailStop,
  TailTick,
} from '../../../../src/protocol/tail.ts';
import { NewestRows } from '../../../../src/tail/newestRows.ts';
import { FakeTail } from './fakeTail.ts';
import { makeShards } from './shards.ts';
import { dress, type ThemeName } from './theme.ts';

/** What a test may set in the page's address. */
export interface HarnessOptions {
  readonly theme?: ThemeName;
  readonly shards?: number;
  readonly isSplit?: boolean;
  readonly rows?: number;
  readonly where?: PanelSubject['where'];
  readonly isReadOnly?: boolean;
  /** The first row arrived so long ago. */
  readonly ageMs?: number;
  /** It arrived then: the same rows in another page. */
  readonly beginMs?: number;
  readonly patch?: Partial<TailTick>;
  /** The host knows of no stream for this panel. */
  readonly isUnknown?: boolean;
  readonly queries?: StreamQueries;
  /** So many of the rows are held no longer. */
  readonly dropped?: number;
  /** In force from the beginning. */
  readonly filter?: string;
  /** Two thirds of the rows arrived within three seconds. */
  readonly isBurst?: boolean;
  /** No tick is sent by itself. */
  readonly isSilent?: boolean;
  readonly look?: PanelLook;
  /** What was kept before a reload. */
  readonly saved?: Partial<PanelState>;
  /** What the host remembers for the stream. */
  readonly columns?: GridColumns;
}

interface Call {
  readonly method: string;
  readonly params: unknown;
}

const options: HarnessOptions = JSON.parse(
  new URLSearchParams(location.search).get('options') ?? '{}',
);
const rowCount = options.rows ?? 0;
const stepMs = 13;
const tail = new FakeTail({
  shards: makeShards(options.shards ?? 4, options.isSplit ?? false),
  beginMs: options.beginMs ?? Date.now() - (options.ageMs ?? rowCount * stepMs),
  stepMs,
  ...(options.isBurst && { burstRows: rowCount }),
  values: new Map(),
});
tail.append(rowCount);
tail.drop(options.dropped ?? 0);
if (options.filter) tail.filterBy(options.filter);
tail.patch = options.patch ?? {};
tail.columns.watch(options.columns?.order);

const queries = options.queries ?? { saved: [], recent: [] };
const calls: Call[] = [];
const states: (PanelState | undefined)[] = [];
const violations: string[] = [];
const failures = new Map<string, string>();
const toHost = new Emitter<unknown>();
let pagesHeld: Promise<void> | undefined;
let givePages = (): void => {};

let subject: PanelSubject = {
  stream: 'flights',
  connection: {
    id: 'local',
    kind: 'local',
    label: 'Local engine',
    region: 'us-east-1',
    place: 'port 4567',
    endpoint: 'http://127.0.0.1:4567',
    writable: !options.isReadOnly,
  },
  where: options.where ?? 'editor',
  timeZone: 'utc',
  look: options.look,
  columns: options.columns,
};

const channel = new Channel<Record<string, never>, Record<string, never>, PanelEvents>({
  post: (message) => {
    const data = structuredClone(message);
    queueMicrotask(() => dispatchEvent(new MessageEvent('message', { data })));
  },
  onMessage: toHost.event,
});

const newest = new NewestRows();

function sendTick(): void {
  const tick = tail.tick();
  const { generation, view, moves } = tick;
  const asked = newest.next({ ...view, generation, revision: moves.revision });
  channel.emit('tick', packTick(tick, asked && tail.page(asked)));
}

/** Notes the call; throws when the test wants it refused. */
function note(method: string, params: unknown): void {
  calls.push({ method, params });
  const failure = failures.get(method);
  if (failure !== undefined) throw new Error(failure);
}

/** A method that does `act` and tells what changed. */
const telling =
  <P>(method: string, act: (params: P) => void = () => {}) =>
  (params: P): void => {
    note(method, params);
    act(params);
    sendTick();
  };

channel.serve<PanelMethods>({
  ready: (params) => {
    note('ready', params);
    if (options.isUnknown) return undefined;
    if (!options.isSilent) queueMicrotask(sendTick);
    return subject;
  },
  follow: (params) => {
    note('follow', params);
    newest.ask(params);
  },
  page: async (params) => {
    note('page', params);
    await pagesHeld;
    return tail.page(params);
  },
  record: async (params) => {
    note('record', params);
    await pagesHeld;
    return tail.record(params);
  },
  findRecord: (params) => {
    note('findRecord', params);
    return tail.find(params);
  },
  focused: (params) => note('focused', params),
  left: telling('left'),
  openRecord: telling('openRecord'),
  selectRecord: telling('selectRecord'),
  compareRecord: telling('compareRecord'),
  decodeAs: telling('decodeAs'),
  toggleMasking: telling('toggleMasking'),
  copyLink: telling('copyLink'),
  pause: telling('pause', () => {
    tail.patch = { ...tail.patch, state: 'paused', pausedSinceMs: Date.now() };
  }),
  resume: telling('resume', () => {
    tail.patch = { ...tail.patch, state: 'live' };
  }),
  restart: telling('restart', ({ start }: { start: TailStart }) => {
    tail.patch = { ...tail.patch, start };
    tail.restart();
  }),
  stopAt: telling('stopAt', ({ stop }: { stop?: TailStop | undefined }) => {
    const { stop: _, ...patch } = tail.patch;
    tail.patch = stop ? { ...patch, stop } : patch;
  }),
  chooseStop: telling('chooseStop'),
  chooseStart: telling('chooseStart'),
  filter: telling('filter', ({ text }: { text: string }) => tail.filterBy(text)),
  queries: (params) => {
    note('queries', params);
    return queries;
  },
  noteQuery: telling('noteQuery'),
  saveQuery: telling('saveQuery'),
  manageQueries: telling('manageQueries'),
  setColumns: (params) => {
    note('setColumns', params);
    const order = params.columns?.order;
    if (order === tail.columns.path) return;
    tail.columns.watch(order);
    sendTick();
  },
  fields: (params) => {
    note('fields', params);
    return tail.columns.fields(tail.all(params.from, params.from + params.count));
  },
  nextBroken: (params) => {
    note('nextBroken', params);
    return tail.columns.next(params, tail.all());
  },
  showHistogram: telling('showHistogram', ({ shown }: { shown: boolean }) =>
    tail.showHistogram(shown),
  ),
  positionAt: (params) => {
    note('positionAt', params);
    return tail.positionAt(params);
  },
  goTo: telling('goTo'),
  setTimeZone: telling('setTimeZone'),
  copy: telling('copy'),
  chooseStream: telling('chooseStream'),
  putRecord: telling('putRecord'),
  exportRecords: telling('exportRecords'),
  splitShard: telling('splitShard'),
  mergeShard: telling('mergeShard'),
  act: telling('act'),
});

const controls = {
  calls,
  states,
  violations,
  append(count: number): void {
    tail.append(count);
    sendTick();
  },
  /** Rows come late and stand before others. */
  insert(list: readonly TailMove[]): void {
    tail.insert(list);
    sendTick();
  },
  drop(count: number): void {
    tail.drop(count);
    sendTick();
  },
  /** Appends and drops in one tick, as a full ring does. */
  roll(count: number): void {
    tail.append(count);
    tail.drop(count);
    sendTick();
  },
  say(patch: Partial<TailTick>): void {
    tail.patch = { ...tail.patch, ...patch };
    sendTick();
  },
  /** A shard takes so many records a second from now on; the others are told of as they were, in new objects. */
  load(index: number, recordsPerSecond: number): void {
    const shards = tail.flights.shards.map((shard, at) => ({
      ...shard,
      ...(at === index && { recordsPerSecond }),
    }));
    tail.patch = { ...tail.patch, shards };
    tail.flights = { ...tail.flights, shards };
    sendTick();
  },
  sayOfRecords(patch: Partial<FullRecord>): void {
    tail.recordPatch = patch;
  },
  /** Shard 1 is closed, and has two children. */
  split(): void {
    tail.patch = { ...tail.patch, shards: makeShards(options.shards ?? 4, true) };
    sendTick();
  },
  setValue(position: number, value: string): void {
    tail.flights = { ...tail.flights, values: new Map([[position, value]]) };
  },
  /** The window masks or decodes otherwise, or has another record selected. */
  look(look: PanelLook): void {
    subject = { ...subject, look };
    channel.emit('subject', subject);
  },
  /** The panel shows another stream from now on. */
  showStream(stream: string): void {
    subject = { ...subject, stream };
    channel.emit('subject', subject);
  },
  /** Pages and records that are asked for from now on are answered when `givePages` is called. */
  holdPages(): void {
    pagesHeld = new Promise((resolve) => {
      givePages = resolve;
    });
  },
  givePages(): void {
    givePages();
    pagesHeld = undefined;
  },
  refuse(method: string, message: string): void {
    failures.set(method, message);
  },
  allow(method: string): void {
    failures.delete(method);
  },
  useQuery(text: string): void {
    channel.emit('useQuery', { text });
  },
  /** Leads the panel to a row, as the command that asks for a place does. */
  reveal(position: number): void {
    channel.emit('reveal', { position, focuses: true });
  },
  /** As a place that the tail has not come to yet. */
  owe(): void {
    channel.emit('owes', {});
  },
  /** The tail has come there. */
  revealOwed(position: number): void {
    channel.emit('reveal', { position, focuses: false });
  },
  command(name: PanelEvents['command']['name']): void {
    channel.emit('command', { name });
  },
};

declare global {
  var harness: unknown;
}

globalThis.harness = controls;
globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => {
    const copy = structuredClone(message);
    queueMicrotask(() => toHost.fire(copy));
  },
  getState: () => options.saved as PanelState | undefined,
  setState: (state) => void states.push(state),
});

addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
document.body.dataset.where = subject.where;
dress(options.theme ?? 'dark');

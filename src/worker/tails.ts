/** The tails of a window: one session a stream, a tab by number for each panel that shows it. One that fails takes nothing else with it. */
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { PinnedDecoder } from '../decode/pinnedDecoder.ts';
import { type PackedTick, packTick } from '../protocol/packedTick.ts';
import type { TailPage, TailTick } from '../protocol/tail.ts';
import type { OpenTail } from '../protocol/worker.ts';
import { Masking } from '../tail/masking.ts';
import type { RingBounds } from '../tail/ring.ts';
import { TailSession } from '../tail/tailSession.ts';
import type { TailTab } from '../tail/tailTab.ts';
import { nodeClock, nodeRandom } from './nodeClock.ts';
import type { StreamRead, StreamReads } from './streamReads.ts';
import { timeBox } from './timeBox.ts';

export interface TailsHost {
  readonly reads: StreamReads;
  readonly logger: Logger;
  readonly tailsAbove?: number | undefined;
  tick(tick: PackedTick): void;
}

interface OpenSession {
  readonly key: string;
  readonly session: TailSession;
  readonly read: StreamRead;
  readonly decoder: PinnedDecoder;
  /** What its user lets it hold, when it is alone. */
  readonly bounds: RingBounds;
}

export interface OpenTab extends OpenSession {
  readonly tab: TailTab;
}

export class Tails implements Disposable {
  private readonly host: TailsHost;
  private readonly sessions = new Set<OpenSession>();
  private readonly tabs = new Map<number, OpenTab>();
  /** By stream, also of tails that were closed: documents of their records follow what is pinned. */
  private readonly decoders = new Map<string, PinnedDecoder>();
  /** Of all tails. */
  readonly masking = new Masking(timeBox);
  /** Bytes that all sessions may hold together. */
  private windowBytesMax = Number.POSITIVE_INFINITY;
  private lastTail: number;

  constructor(host: TailsHost) {
    this.host = host;
    this.lastTail = host.tailsAbove ?? 0;
  }

  /** A new tab of the stream's tail, which is opened unless another tab has it open and it has not ended. */
  open(asked: OpenTail): { tail: number; isShared: boolean } {
    const { connection, stream } = asked;
    const key = JSON.stringify([connection, stream]);
    const known = this.reading(key);
    const opened = known ?? this.openSession(key, asked);
    this.windowBytesMax = asked.windowBytesMax;
    this.shareBytes();
    const tail = ++this.lastTail;
    const { masking } = this;
    const { decoder } = opened;
    const tick = (told: TailTick, newest?: TailPage): void =>
      this.host.tick(packTick(told, newest));
    const tab = opened.session.openTab({ tail, decoder, masking, timeBox, tick });
    this.tabs.set(tail, { ...opened, tab });
    const what = known ? 'shows what is read' : `reads from ${asked.start.type}`;
    this.host.logger.info(`Tail ${tail} of ${stream} of ${connection} ${what}.`);
    return { tail, isShared: known !== undefined };
  }

  /** Decodes the stream of this tab so, in all its tabs; without names automatically. */
  pin(tail: number, names: readonly string[]): void {
    const problem = this.pinOn(this.get(tail).decoder, names);
    if (problem !== undefined) throw new Error(problem);
  }

  /** The tab of this number, and the session it shows; throws when it was closed. */
  get(tail: number): OpenTab {
    const open = this.tabs.get(tail);
    if (!open) throw new Error(`There is no tail ${tail} any more.`);
    return open;
  }

  /** Closing the last tab of a stream ends its reading. */
  close(tail: number): void {
    const open = this.tabs.get(tail);
    if (!open) return;
    this.tabs.delete(tail);
    open.session.closeTab(open.tab);
    if (open.session.tabCount > 0) return;
    open.session.dispose();
    open.read.dispose();
    for (const one of this.sessions) if (one.session === open.session) this.sessions.delete(one);
    this.shareBytes();
  }

  dispose(): void {
    for (const tail of [...this.tabs.keys()]) this.close(tail);
  }

  /** One that has ended shows what it holds to its tabs: its stream may be another one by now. */
  private reading(key: string): OpenSession | undefined {
    for (const open of this.sessions) {
      if (open.key === key && !open.session.hasEnded) return open;
    }
    return undefined;
  }

  private openSession(key: string, asked: OpenTail): OpenSession {
    const { stream, start, until, rowsMax, bytesMax, note } = asked;
    const { reads, logger } = this.host;
    const read = reads.open(asked);
    const bounds = { rowsMax, bytesMax };
    const session = new TailSession({
      ...read.reads,
      machine: nodeClock,
      random: nodeRandom,
      logger,
      start,
      until,
      bounds,
      note,
    });
    const decoder = this.decoderOf(key);
    const problem = this.pinOn(decoder, asked.pinned ?? []);
    if (problem !== undefined) logger.warn(`${stream} is decoded automatically: ${problem}`);
    const opened = { key, session, read, bounds, decoder };
    this.sessions.add(opened);
    return opened;
  }

  private decoderOf(key: string): PinnedDecoder {
    const decoder = this.decoders.get(key) ?? new PinnedDecoder();
    this.decoders.set(key, decoder);
    return decoder;
  }

  /** Every tab whose records it decodes chooses anew. Returns why `names` are no chain. */
  private pinOn(decoder: PinnedDecoder, names: readonly string[]): string | undefined {
    const before = decoder.pinned.join();
    const problem = decoder.pin(names);
    const isAnother = decoder.pinned.join() !== before;
    for (const open of this.tabs.values()) {
      if (isAnother && open.decoder === decoder) open.tab.chooseAnew();
    }
    return problem;
  }

  /** None holds more than its part of the window's bytes. */
  private shareBytes(): void {
    const part = this.windowBytesMax / Math.max(1, this.sessions.size);
    for (const { session, bounds } of this.sessions) {
      const bytesMax = Math.min(bounds.bytesMax, Math.floor(part));
      session.setBounds({ ...bounds, bytesMax });
    }
  }
}

/**
 * What the local engine counted in the last minute, for the tree to show: asked for while somebody looks
 * at the tree, by one request for all streams, and forgotten when nobody does.
 */
import type { CountersQuery, EngineCounters, StreamCounters } from '../../admin/counters.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';

/** Between an answer and the next question; also when the tree is hidden and shown in turns. */
export const pollIntervalMs = 5_000;
const lookBackSeconds = 60;

export interface TrafficCountersParts {
  readonly clock: Clock;
  /** Undefined while there is no engine to ask. */
  source(): CountersSource | undefined;
}

export interface CountersSource {
  /** Whose streams the tree shows: a name may be in use in several accounts and regions. */
  readonly account: string;
  readonly region: string;
  counters(query: CountersQuery): Promise<EngineCounters>;
}

export class TrafficCounters implements Disposable {
  private readonly parts: TrafficCountersParts;
  private readonly changed = new Emitter<string>();
  private streams: ReadonlyMap<string, StreamCounters> | undefined;
  private isVisible = false;
  private isAsking = false;
  private timer: Disposable | undefined;
  private lastAskedMs = Number.NEGATIVE_INFINITY;

  /** Something else is known of this stream of the local engine. */
  readonly onChange = this.changed.event;

  constructor(parts: TrafficCountersParts) {
    this.parts = parts;
  }

  /** Begins to look, or stops; while hidden nothing is asked and nothing is kept. */
  show(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.timer?.dispose();
    this.timer = undefined;
    if (isVisible) this.schedule();
    else this.take(undefined);
  }

  /** The engine came or went: what was known may not be true of it. */
  restart(): void {
    this.take(undefined);
    this.show(this.isVisible);
  }

  /** False before the engine was asked, and while nobody looks. */
  get isKnown(): boolean {
    return this.streams !== undefined;
  }

  /** Undefined when nothing happened in the stream. */
  ofStream(stream: string): StreamCounters | undefined {
    return this.streams?.get(stream);
  }

  dispose(): void {
    this.show(false);
  }

  private schedule(): void {
    if (this.timer || this.isAsking || !this.parts.source()) return;
    const { clock } = this.parts;
    const waitMs = Math.max(0, this.lastAskedMs + pollIntervalMs - clock.monotonic());
    this.timer = clock.schedule(waitMs, () => {
      this.timer = undefined;
      void this.ask();
    });
  }

  private async ask(): Promise<void> {
    const source = this.parts.source();
    if (!source) return;
    this.isAsking = true;
    try {
      const answer = await source.counters({ seconds: lookBackSeconds });
      if (this.isVisible && this.parts.source()) this.take(streamsOf(answer, source));
    } catch {
      this.take(undefined); // the engine ended, or is about to: its state says so
    } finally {
      this.isAsking = false;
      this.lastAskedMs = this.parts.clock.monotonic();
      if (this.isVisible) this.schedule();
    }
  }

  private take(streams: ReadonlyMap<string, StreamCounters> | undefined): void {
    const before = this.streams;
    this.streams = streams;
    for (const name of new Set([...(before?.keys() ?? []), ...(streams?.keys() ?? [])])) {
      if (!isSame(before?.get(name), streams?.get(name))) this.changed.fire(name);
    }
  }
}

function streamsOf(
  { streams }: EngineCounters,
  { account, region }: CountersSource,
): Map<string, StreamCounters> {
  const own = streams.filter((each) => each.account === account && each.region === region);
  return new Map(own.map((each) => [each.stream, each]));
}

const isSame = (a: StreamCounters | undefined, b: StreamCounters | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

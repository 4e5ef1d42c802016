/** What is told of the reading of shards: gaps, throttles and silence, each as a row, and not more often than it helps. */
import type { Clock } from '../base/clock.ts';
import type { KinesisError } from '../kinesis/errors.ts';
import type { EventTone, Problem, TailStart } from '../protocol/tail.ts';
import type { ShardTable } from './shardTable.ts';
import {
  aheadText,
  audibleText,
  expiredText,
  silentProblem,
  silentText,
  throttledText,
  throttledTooText,
  throttleOverText,
} from './troubles.ts';

/** A throttle of a shard is told again only after this time since it was told; */
const throttleSilenceMs = 60_000;
/** and of so many shards in this time, before it is only said that there are more. */
const throttledToldMax = 3;

export interface ShardNewsHost {
  readonly clock: Clock;
  /** Where the tail's user wants it to begin. */
  readonly start: TailStart;
  readonly table: ShardTable;
  readonly rows: {
    event(tone: EventTone, text: string, orderMs?: number): void;
    changed(): void;
    /** Behind all that was read. */
    readonly endMs: number;
  };
}

interface Throttle {
  readonly sinceMs: number;
  isOver: boolean;
}

export class ShardNews {
  private readonly host: ShardNewsHost;
  /** As they were told last, by shard. */
  private readonly throttles = new Map<string, Throttle>();
  /** When a throttle was told, within the last while. */
  private toldMs: number[] = [];
  private isAheadTold = false;
  /** Why a shard is silent, while it is. */
  private readonly silences = new Map<string, string>();

  constructor(host: ShardNewsHost) {
    this.host = host;
  }

  /** Of a shard that gives no answer where others do. */
  get problem(): Problem | undefined {
    const [silent] = this.silences;
    return silent && silentProblem(...silent);
  }

  /** A shard's reader stands at its place. */
  positioned({ aheadMs }: { readonly aheadMs: number | undefined }): void {
    const { start, rows } = this.host;
    if (aheadMs !== undefined && start.type === 'AT_TIMESTAMP' && !this.isAheadTold) {
      this.isAheadTold = true;
      rows.event('warning', aheadText(aheadMs), rows.endMs);
    }
    rows.changed();
  }

  /** `nextMs`: when the next record arrived, if there is one. */
  expired(shardId: string, nextMs = this.host.rows.endMs): void {
    const entry = this.host.table.get(shardId);
    const place = entry?.reader?.lastSequenceNumber ?? 'its beginning';
    if (!entry || entry.gapPlace === place) return; // it was said here
    entry.gapPlace = place;
    // Beside what follows it, not beside a record of long ago that is not held any more.
    entry.reachedMs = Math.max(entry.reachedMs, nextMs);
    this.host.rows.event('warning', expiredText(shardId), this.host.table.placeMs(entry));
  }

  throttled(shardId: string, error: KinesisError): void {
    const nowMs = this.host.clock.monotonic();
    const told = this.throttles.get(shardId);
    if (told && nowMs - told.sinceMs <= throttleSilenceMs) return;
    if (told && !told.isOver) return;
    this.toldMs = this.toldMs.filter((ms) => nowMs - ms <= throttleSilenceMs);
    const toldCount = this.toldMs.length;
    if (toldCount > throttledToldMax) return;
    this.toldMs.push(nowMs);
    const isLast = toldCount === throttledToldMax;
    if (!isLast) this.throttles.set(shardId, { sinceMs: nowMs, isOver: false });
    const text = isLast ? throttledTooText : throttledText(shardId, error);
    this.host.rows.event('warning', text);
  }

  /** A page of it came. */
  read(shardId: string): void {
    const told = this.throttles.get(shardId);
    if (!told || told.isOver) return;
    told.isOver = true;
    const lastedMs = this.host.clock.monotonic() - told.sinceMs;
    this.host.rows.event('info', throttleOverText(shardId, lastedMs));
  }

  silent(shardId: string, reason: string): void {
    this.silences.set(shardId, reason);
    this.host.rows.event('warning', silentText(shardId, reason));
  }

  audible(shardId: string, lastedMs: number): void {
    this.silences.delete(shardId);
    this.host.rows.event('info', audibleText(shardId, lastedMs));
  }

  /** Nothing more is read of it. */
  left(shardId: string): void {
    this.silences.delete(shardId);
    this.throttles.delete(shardId);
  }
}

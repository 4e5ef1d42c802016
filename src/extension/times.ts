/**
 * Times as the users of this window name and see them: in the zone of the tails, which is the user's own or UTC, and by
 * the clock of the stream that they are about. The editor tells no zone: on a remote window this process runs on another
 * machine, and only the page of a panel knows the user's. Knows no editor.
 */
import { engineTimeAt } from '../admin/controls.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { FilterAsked } from '../protocol/tail.ts';
import { zoneOf } from '../query/timeZones.ts';
import type { Now } from '../query/values.ts';
import { localConnectionId } from './connections/connection.ts';
import type { LocalEngine } from './engine/localEngine.ts';

export interface TimesParts {
  readonly engine: Pick<LocalEngine, 'state'>;
  /** This machine's. */
  readonly clock: Pick<Clock, 'now'>;
  /** Keeps over sessions which zone the user's is. */
  readonly memory: {
    get(key: string): unknown;
    update(key: string, value: string): unknown;
  };
  /** The user may sit at another machine than this one. */
  readonly isRemote: boolean;
  setting(): 'local' | 'utc';
}

const memoryKey = 'userTimeZone';

/** For moments of one connection's streams. */
export interface StreamTimes {
  /** Of the streams' clock, epoch milliseconds. */
  readonly nowMs: number;
  /** What times of day and ages count from. */
  readonly now: Now;
  /** Which zone is meant, as a sentence to follow a prompt; empty where it is the user's own or the one they chose. */
  readonly zoneNote: string;
  /** With its day and its zone. */
  words(epochMs: number): string;
}

export class Times {
  private readonly parts: TimesParts;
  private readonly changed = new Emitter<void>();
  private told: string | undefined;

  /** The user's zone turned out to be another one. */
  readonly onZone = this.changed.event;

  constructor(parts: TimesParts) {
    this.parts = parts;
  }

  /** A page of this window tells its user's zone, by its IANA name; one that is not known here is of no use. */
  tell(timeZone: string): void {
    if (this.told === timeZone || !zoneOf(timeZone)) return;
    const before = this.userZone;
    this.told = timeZone;
    void this.parts.memory.update(memoryKey, timeZone);
    if (before !== timeZone) this.changed.fire();
  }

  /** Of the tails; undefined: that of this machine. */
  get timeZone(): string | undefined {
    return this.parts.setting() === 'utc' ? 'UTC' : this.userZone;
  }

  of(connection: string): StreamTimes {
    const times = this;
    return {
      get nowMs() {
        return times.nowMs(connection);
      },
      get now() {
        return { nowMs: times.nowMs(connection), timeZone: times.timeZone };
      },
      get zoneNote() {
        return times.zoneNote;
      },
      words: (epochMs) => times.words(epochMs),
    };
  }

  /** Of the clock by which a connection's streams go, epoch milliseconds. */
  nowMs(connection: string): number {
    const { engine, clock } = this.parts;
    const { state } = engine;
    const isEngine = connection === localConnectionId && state.type === 'running';
    return isEngine ? engineTimeAt(state.status.clock, clock.now()) : clock.now();
  }

  /** With its day and its zone. */
  words(epochMs: number): string {
    const { timeZone } = this;
    return new Date(epochMs).toLocaleString(undefined, {
      ...(timeZone !== undefined && { timeZone }),
      timeZoneName: 'short',
    });
  }

  /** `2026-11-28T14:05:00.000`, as a clock of the zone shows it. */
  shown(epochMs: number): string {
    const zone = zoneOf(this.timeZone ?? machineZone());
    const shownMs =
      zone?.shownAt(epochMs) ?? epochMs - new Date(epochMs).getTimezoneOffset() * 60_000;
    return new Date(shownMs).toISOString().slice(0, -1);
  }

  /** A query whose times without a zone are those of the clock that the tails show. */
  query(text: string): FilterAsked {
    return { text, timeZone: this.timeZone };
  }

  private get zoneNote(): string {
    const { isRemote, setting } = this.parts;
    if (!isRemote || this.told !== undefined || setting() === 'utc') return '';
    return `. Times are those of ${this.userZone ?? machineZone()}, which may not be yours; a day and time can name its zone, like 2026-11-28T14:05+02:00`;
  }

  private get userZone(): string | undefined {
    return this.told ?? (this.parts.isRemote ? this.remembered : undefined);
  }

  private get remembered(): string | undefined {
    const kept = this.parts.memory.get(memoryKey);
    return typeof kept === 'string' && zoneOf(kept) ? kept : undefined;
  }
}

const machineZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

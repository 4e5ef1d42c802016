/**
 * Who uses a shard most: a few callers with what they sent and took in the last minutes. With more callers
 * than places the smallest makes room and its sums are inherited, so that no large one is missed.
 */
import type { CallerUse } from '../../admin/counters.ts';
import { counterWindowSeconds } from './secondsRing.ts';

/** Callers remembered for a shard, twice: of this half of the window, and of the half before. */
export const topCallersMax = 8;
const halfSeconds = counterWindowSeconds / 2;

type Place = { -readonly [K in keyof CallerUse]: CallerUse[K] };

/** A caller in a second. */
interface Caller {
  readonly caller: string;
  readonly second: number;
}

export class TopCallers {
  private current: Place[] = [];
  private before: Place[] = [];
  private last: Place | undefined;
  /** The second in which the next half begins. */
  private turnAt = 0;

  noteIn(by: Caller, bytes: number): void {
    this.placeOf(by).bytesIn += bytes;
  }

  noteOut(by: Caller, bytes: number): void {
    this.placeOf(by).bytesOut += bytes;
  }

  /** The largest first; over half of the window at least and all of it at most. */
  list(second: number): CallerUse[] {
    this.turn(second);
    const sums = new Map<string, Place>();
    for (const { caller, bytesIn, bytesOut } of [...this.before, ...this.current]) {
      const sum = sums.get(caller) ?? { caller, bytesIn: 0, bytesOut: 0 };
      sum.bytesIn += bytesIn;
      sum.bytesOut += bytesOut;
      sums.set(caller, sum);
    }
    return [...sums.values()].sort((a, b) => weight(b) - weight(a)).slice(0, topCallersMax);
  }

  private turn(second: number): void {
    if (second < this.turnAt) return;
    this.before = second < this.turnAt + halfSeconds ? this.current : [];
    this.current = [];
    this.last = undefined;
    this.turnAt = (Math.floor(second / halfSeconds) + 1) * halfSeconds;
  }

  private placeOf({ caller, second }: Caller): Place {
    this.turn(second);
    if (this.last?.caller === caller) return this.last;
    this.last = this.current.find((place) => place.caller === caller) ?? this.newPlace(caller);
    return this.last;
  }

  private newPlace(caller: string): Place {
    if (this.current.length < topCallersMax) {
      const place = { caller, bytesIn: 0, bytesOut: 0 };
      this.current.push(place);
      return place;
    }
    const smallest = this.current.reduce((a, b) => (weight(b) < weight(a) ? b : a));
    smallest.caller = caller;
    return smallest;
  }
}

const weight = ({ bytesIn, bytesOut }: CallerUse): number => bytesIn + bytesOut;

/** What the clocks of a time zone, by its IANA name such as `Europe/Berlin`, show, and when they show it. */

const dayMs = 24 * 60 * 60_000;

/** Tells the time of a zone; undefined of one that this machine does not know. */
function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const [year, hour, rest] = ['numeric', '2-digit', '2-digit'] as const;
  const parts = { year, month: rest, day: rest, hour, minute: rest, second: rest };
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
  } catch {
    return undefined;
  }
}

/** The one that was used last: it costs far more to make than to use. */
let last: { readonly timeZone: string; readonly zone: TimeZone | undefined } | undefined;

/** Undefined of a name that this machine does not know. */
export function zoneOf(timeZone: string): TimeZone | undefined {
  if (last?.timeZone !== timeZone) {
    const format = formatOf(timeZone);
    last = { timeZone, zone: format && new TimeZone(format) };
  }
  return last.zone;
}

/** What a clock shows is told as the milliseconds at which one of UTC shows it. */
export class TimeZone {
  private readonly format: Intl.DateTimeFormat;

  constructor(format: Intl.DateTimeFormat) {
    this.format = format;
  }

  shownAt(epochMs: number): number {
    const parts = this.format.formatToParts(epochMs);
    const part = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find((one) => one.type === type)?.value);
    const day = [part('year'), part('month') - 1, part('day')] as const;
    const fraction = ((epochMs % 1000) + 1000) % 1000;
    return Date.UTC(...day, part('hour'), part('minute'), part('second'), fraction);
  }

  /**
   * When the clock shows that: the first time where it does so twice. What it leaves out is counted on from before it
   * was set, as `Date` does.
   */
  momentOf(shownMs: number): number {
    const before = shownMs - this.offsetAt(shownMs - dayMs);
    if (this.shownAt(before) === shownMs) return before;
    const after = shownMs - this.offsetAt(shownMs + dayMs);
    return this.shownAt(after) === shownMs ? after : before;
  }

  /** Milliseconds east of UTC. */
  private offsetAt(epochMs: number): number {
    return this.shownAt(epochMs) - epochMs;
  }
}

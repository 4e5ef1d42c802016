/** Durations as people write and read them: `1h30m` in, `1 h 30 min` out. It knows no dates. */

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of one or several numbers with their units, in small letters; undefined for other texts. */
export function millisecondsIn(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|min|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * unitsMs[unit!]!, 0);
}

/** Units to be shown, each with how many milliseconds it has; days only once there are three of them. */
const shown: readonly (readonly [unit: string, ms: number, fromMs: number])[] = [
  ['d', 86_400_000, 3 * 86_400_000],
  ['h', 3_600_000, 3_600_000],
  ['min', 60_000, 60_000],
  ['s', 1_000, 1_000],
];

/**
 * `25 h`, `1 h 30 min`, `400 d`: the largest unit and the next one, if there is something of it; below a
 * second `500 ms`. The sign is not said.
 */
export function durationText(durationMs: number): string {
  const ms = Math.abs(Math.round(durationMs));
  const at = shown.findIndex(([, , fromMs]) => ms >= fromMs);
  if (at < 0) return `${ms} ms`;
  const [unit, unitMs] = shown[at]!;
  const [nextUnit, nextMs] = shown[at + 1] ?? ['', Number.POSITIVE_INFINITY];
  const next = Math.floor((ms % unitMs) / nextMs);
  const whole = `${Math.floor(ms / unitMs).toLocaleString('en-US')} ${unit}`;
  return next > 0 ? `${whole} ${next} ${nextUnit}` : whole;
}

/** What may be typed where the engine's controls ask: why an answer is none, and what is proposed. Pure. */
import {
  rateMax,
  type SnapshotInfo,
  snapshotNamePattern,
  stepMsMax,
} from '../../admin/controls.ts';
import { parseDuration } from '../../admin/duration.ts';
import { latencyMsMax } from '../../admin/faults.ts';
import { durationText } from '../../base/durations.ts';

/** Why a text is no step; undefined when it is one. */
export function stepProblem(text: string): string | undefined {
  const ms = parseDuration(text.trim());
  if (ms === undefined) return 'A duration is written like 90s, 5m, 25h, 7d or 1h30m';
  return ms <= stepMsMax ? undefined : `One step is ${durationText(stepMsMax)} at most`;
}

/** Why a text is no speed; undefined when it is one. */
export function rateProblem(text: string): string | undefined {
  const rate = Number(text);
  if (text.trim() !== '' && rate > 0 && rate <= rateMax) return undefined;
  if (rate === 0) return 'A number above 0; Stop Clock stops it';
  return `A number above 0, at most ${rateMax.toLocaleString('en-US')}`;
}

/** `snapshot-1`, or the first number that is free. */
export function freeName(known: readonly Pick<SnapshotInfo, 'name'>[]): string {
  const names = new Set(known.map(({ name }) => name));
  let number = 1;
  while (names.has(`snapshot-${number}`)) number++;
  return `snapshot-${number}`;
}

/** Why a snapshot cannot have this name; undefined when it can. */
export function snapshotNameProblem(
  name: string,
  known: readonly Pick<SnapshotInfo, 'name'>[],
): string | undefined {
  if (!snapshotNamePattern.test(name)) {
    return 'A name has 1 to 64 letters, digits, hyphens, underscores or dots';
  }
  return known.some((each) => each.name === name)
    ? `There is a snapshot ${name} already`
    : undefined;
}

/** Why a text is no latency; undefined when it is one. */
export function latencyProblem(text: string): string | undefined {
  return wholeProblem(text, latencyMsMax);
}

/** A count that a person still wants to type. */
const callsMax = 1_000_000;

/** Why a text is no number of calls; undefined when it is one. */
export function callsProblem(text: string): string | undefined {
  return wholeProblem(text, callsMax);
}

function wholeProblem(text: string, max: number): string | undefined {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= max) return undefined;
  return `A whole number from 1 to ${max.toLocaleString('en-US')}`;
}

/** Why a text is no share in percent; undefined when it is one. */
export function percentProblem(text: string): string | undefined {
  const percent = Number(text);
  if (/^\d*\.?\d+$/.test(text) && percent > 0 && percent <= 100) return undefined;
  return 'A number above 0, at most 100';
}

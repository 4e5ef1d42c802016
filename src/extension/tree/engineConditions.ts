/**
 * In what the local engine is not as usual: its clock, its faults. Each in words, in a sentence, and with
 * the commands that undo it. Pure; knows no editor.
 */
import type { EngineStatus } from '../../admin/adminApi.ts';
import type { ClockStatus } from '../../admin/controls.ts';
import { durationText } from '../../base/durations.ts';
import { counted } from './labels.ts';

export interface Remedy {
  /** As a button or a link says it. */
  readonly title: string;
  readonly command: string;
  readonly argument?: unknown;
}

export interface Condition {
  /** `clock stopped`, `clock +25 h`, `2 faults` */
  readonly text: string;
  readonly sentence: string;
  readonly remedies: readonly Remedy[];
}

/** A clock that was stopped and started at once is no news. */
const unnoticedMs = 1_000;

export function conditionsOf({
  clock,
  faultCount,
}: Pick<EngineStatus, 'clock' | 'faultCount'>): Condition[] {
  const clockIs = clockCondition(clock);
  return [...(clockIs ? [clockIs] : []), ...(faultCount > 0 ? [faults(faultCount)] : [])];
}

/** How far a clock is away is said only while that stays true: at the machine's speed. */
function clockCondition(clock: ClockStatus): Condition | undefined {
  if (clock.rate === 0) return stoppedClock(clock);
  if (clock.rate !== 1) return spedClock(clock);
  return Math.abs(clock.aheadMs) < unnoticedMs ? undefined : movedClock(clock);
}

function stoppedClock({ nowMs }: ClockStatus): Condition {
  return {
    text: 'clock stopped',
    sentence: `The engine's clock stands still at ${timeText(nowMs)}.`,
    remedies: [startClock('Start Clock')],
  };
}

function spedClock({ rate }: ClockStatus): Condition {
  const speed = `${rate.toLocaleString('en-US')} times as fast`;
  return {
    text: `clock ${speed}`,
    sentence: `The engine's clock goes ${speed} as the machine's.`,
    remedies: [startClock('Set Clock to Normal Speed')],
  };
}

const startClock = (title: string): Remedy => ({ title, command: 'shardscope.startClock' });

function movedClock({ aheadMs }: ClockStatus): Condition {
  const far = durationText(aheadMs);
  if (aheadMs < 0) {
    return {
      text: `clock -${far}`,
      sentence: `The engine's clock is ${far} behind the machine's.`,
      remedies: [catchUp(-aheadMs)],
    };
  }
  return {
    text: `clock +${far}`,
    sentence: `The engine's clock is ${far} ahead of the machine's.`,
    remedies: [
      { title: 'Restore a Snapshot', command: 'shardscope.restoreSnapshot' },
      { title: 'Reset Engine', command: 'shardscope.resetEngine' },
    ],
  };
}

const catchUp = (behindMs: number): Remedy => ({
  title: 'Step Clock to Now',
  command: 'shardscope.stepClock',
  argument: { ms: Math.round(behindMs) },
});

function faults(count: number): Condition {
  const rules = counted(count, 'fault');
  return {
    text: rules,
    sentence: `${rules} ${count === 1 ? 'is' : 'are'} played to clients of the engine.`,
    remedies: [
      { title: 'Show Faults', command: 'shardscope.showFaults' },
      { title: `Remove ${rules}`, command: 'shardscope.clearFaults' },
    ],
  };
}

/** `2026-11-25 14:02:05 UTC` */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

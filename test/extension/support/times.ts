// The times of a window whose user sits in Berlin, while this process goes by another zone.
import type { EngineStatus } from '../../../src/admin/adminApi.ts';
import type { ClockStatus } from '../../../src/admin/controls.ts';
import type { EngineState } from '../../../src/extension/engine/localEngine.ts';
import { Times, type TimesParts } from '../../../src/extension/times.ts';

/** 14:05 in Berlin, 13:05 in London. */
export const nowMs = Date.parse('2026-11-28T14:05:00+01:00');
export const berlin = 'Europe/Berlin';

/** Of an engine whose clock was moved when the machine's showed `nowMs`. */
export function runningAt(clock: Pick<ClockStatus, 'aheadMs' | 'rate'>): EngineState {
  const engineMs = nowMs + clock.aheadMs;
  const now = new Date(engineMs).toISOString();
  const status = { clock: { ...clock, nowMs: engineMs, now } } as EngineStatus;
  return { type: 'running', status };
}

interface Given extends Partial<Pick<TimesParts, 'isRemote' | 'setting'>> {
  readonly engine?: EngineState;
  /** Of the machine. */
  readonly laterMs?: number;
  readonly kept?: Map<string, unknown>;
}

export function timesOf(given: Given = {}): Times {
  const { isRemote = true, setting = () => 'local', laterMs = 0, kept = new Map() } = given;
  const { engine: state = { type: 'stopped' } } = given;
  return new Times({
    engine: { state },
    clock: { now: () => nowMs + laterMs },
    memory: { get: (key) => kept.get(key), update: (key, value) => kept.set(key, value) },
    isRemote,
    setting,
  });
}

/** How the engine's time follows from the machine's, as a line, and how that is kept in a file. Pure. */
import { rateMax } from '../admin/controls.ts';
import { LogError } from './log/logError.ts';

/** The engine's time was `engineMs` at the machine's `wallMs`, and goes `rate` times as fast since. */
export interface ClockLine {
  /** 0: it stands still; 1: as the machine's. */
  readonly rate: number;
  /** Both milliseconds since 1970. */
  readonly engineMs: number;
  readonly wallMs: number;
}

/** The latest time there is, 2200-01-01: far inside what sequence numbers hold. */
export const latestMs = 7_258_118_400_000;

/** Beside the catalog; missing while the engine's time is the machine's. */
export const clockPath = 'clock';
const clockFormat = 1;

/** The line of a clock that nobody moved. */
export const machineLine = (wallMs: number): ClockLine => ({ rate: 1, engineMs: wallMs, wallMs });

/** Whole milliseconds since 1970. */
export function timeAt({ rate, engineMs, wallMs }: ClockLine, machineMs: number): number {
  return Math.min(Math.floor(engineMs + (machineMs - wallMs) * rate), latestMs);
}

export function encodeClockLine(line: ClockLine): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: clockFormat, ...line })}\n`);
}

/** Undefined for bytes that are no line. Throws LogError FORMAT for a newer one. */
export function decodeClockLine(bytes: Uint8Array): ClockLine | undefined {
  const value = parse(bytes) as Partial<ClockLine & { format: number }> | undefined;
  const { format, rate, engineMs, wallMs } = value ?? {};
  if (typeof format !== 'number') return undefined;
  if (format > clockFormat) throw newer(format);
  const isTime = (ms: unknown): ms is number =>
    typeof ms === 'number' && Math.abs(ms) <= latestMs && Number.isFinite(ms);
  if (!isTime(engineMs) || !isTime(wallMs) || typeof rate !== 'number') return undefined;
  return rate >= 0 && rate <= rateMax ? { rate, engineMs, wallMs } : undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const newer = (format: number): LogError =>
  new LogError(
    'FORMAT',
    `The file ${clockPath} was written by a newer Shardscope (format ${format}; this version reads ` +
      `${clockFormat}). Update Shardscope, or use another data folder.`,
    { path: clockPath },
  );

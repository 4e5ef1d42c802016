/** The minimum throughput that an account commits itself to pay for: when it begins, when it may end. Pure. */
import { commitmentMsMin } from '../kinesis/limits.ts';
import type { BillingCommitment } from '../kinesis/shapes.ts';

/** The last one of an account in a region; milliseconds since 1970. */
export interface Commitment {
  readonly startedMs: number;
  /** When it ended or will; absent while nobody has asked for that. */
  readonly endMs?: number | undefined;
}

const earliestEndMs = ({ startedMs }: Commitment): number => startedMs + commitmentMsMin;

const isOver = ({ endMs = Number.POSITIVE_INFINITY }: Commitment, nowMs: number): boolean =>
  endMs <= nowMs;

/** As both operations tell it. @source documented: the states; guessed: which times each of them has. */
export function toldCommitment(
  commitment: Commitment | undefined,
  nowMs: number,
): BillingCommitment {
  if (!commitment) return { Status: 'DISABLED' };
  const { startedMs, endMs } = commitment;
  const StartedAt = new Date(startedMs);
  if (endMs !== undefined && isOver(commitment, nowMs)) {
    return { Status: 'DISABLED', StartedAt, EndedAt: new Date(endMs) };
  }
  const Status = endMs === undefined ? 'ENABLED' : 'ENABLED_UNTIL_EARLIEST_ALLOWED_END';
  return { Status, StartedAt, EarliestAllowedEndAt: new Date(earliestEndMs(commitment)) };
}

/**
 * After it was asked for: one that is about to end goes on as if nobody had ended it. Undefined when nothing
 * changes. @source documented
 */
export function enabledCommitment(
  commitment: Commitment | undefined,
  nowMs: number,
): Commitment | undefined {
  if (!commitment || isOver(commitment, nowMs)) return { startedMs: nowMs };
  return commitment.endMs === undefined ? undefined : { startedMs: commitment.startedMs };
}

/** After its end was asked for, which comes when the first day is over. @source documented */
export function disabledCommitment(
  commitment: Commitment | undefined,
  nowMs: number,
): Commitment | undefined {
  if (!commitment || commitment.endMs !== undefined) return undefined;
  return { ...commitment, endMs: Math.max(nowMs, earliestEndMs(commitment)) };
}

/**
 * How often an account calls operations: AWS's rates for the control plane, and the quotas on streams and
 * changes. Refuses, or only counts, as `limits` says; the extension's own calls are exempt and uncounted.
 */
import type { LimitsMode } from '../../admin/adminApi.ts';
import type { Clock } from '../../base/clock.ts';
import { streamNameInArn } from '../../kinesis/arn.ts';
import { type CallRate, callRates } from '../../kinesis/callRates.ts';
import { isKinesisError } from '../../kinesis/errors.ts';
import type { OperationName } from '../../kinesis/operations.ts';
import { callsOfStreamThrottled, callsThrottled } from '../../kinesis/throttleErrors.ts';
import type { Scope, StreamNaming } from '../engineParts.ts';
import { CallTallies } from './callTallies.ts';
import { TokenBucket } from './tokenBucket.ts';

/** Accounts and streams whose calls are limited at a time; who was idle longest is forgotten first. */
export const callBucketsMax = 1024;

export class CallLimits {
  readonly tallies = new CallTallies();
  private readonly clock: Clock;
  private readonly limits: LimitsMode;
  /** Least recently used first. */
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(parts: { clock: Clock; limits: LimitsMode }) {
    this.clock = parts.clock;
    this.limits = parts.limits;
  }

  /**
   * Admits one call. Throws LimitExceeded. @source guessed: its place among the checks, after the
   * constraints of the shape and before the stream is looked for.
   */
  admit(operation: OperationName, call: { input: object; scope: Scope }): void {
    if (call.scope.own) return;
    const tally = this.tallies.of(operation);
    tally.calls += 1;
    const rate = this.limits === 'off' ? undefined : callRates.get(operation);
    if (!rate) return;
    const { account, region } = call.scope;
    const stream = streamNameOf(call.input);
    const owner = rate.per === 'stream' ? (stream ?? '') : '';
    if (this.takes(`${operation}/${account}/${region}/${owner}`, rate)) return;
    if (this.limits === 'warn') tally.overLimit += 1;
    else {
      tally.throttled += 1;
      throw stream ? callsOfStreamThrottled({ name: stream, account }) : callsThrottled(account);
    }
  }

  /** Runs `check`, which throws LimitExceeded when a quota is against the call, as `limits` says. */
  underQuota(call: { operation: OperationName; scope: Scope }, check: () => void): void {
    if (call.scope.own || this.limits === 'off') return;
    try {
      check();
    } catch (error) {
      if (!isKinesisError(error, 'LimitExceededException')) throw error;
      const tally = this.tallies.of(call.operation);
      if (this.limits === 'warn') tally.overLimit += 1;
      else {
        tally.throttled += 1;
        throw error;
      }
    }
  }

  private takes(key: string, { perSecond }: CallRate): boolean {
    const nowMs = this.clock.monotonic();
    const bucket =
      this.buckets.get(key) ?? new TokenBucket({ perSecond, capacity: perSecond }, nowMs);
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > callBucketsMax) {
      const [idlest] = this.buckets.keys();
      this.buckets.delete(idlest!);
    }
    if (!bucket.has(1, nowMs)) return false;
    bucket.take(1);
    return true;
  }
}

function streamNameOf({
  StreamName,
  StreamARN,
  ResourceARN,
  ConsumerARN,
}: StreamNaming & { ResourceARN?: string; ConsumerARN?: string }): string | undefined {
  const arn = StreamARN ?? ResourceARN ?? ConsumerARN;
  return StreamName ?? (arn === undefined ? undefined : streamNameInArn(arn));
}

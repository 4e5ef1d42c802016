/** Plays the rules that hit a call, in their order, and carries the call out when none of them ends it. */
import type { FaultEffect } from '../../admin/faults.ts';
import { unreachable } from '../../base/assert.ts';
import { type Clock, delay } from '../../base/clock.ts';
import type { CallContext } from '../../kinesis/kinesisApi.ts';
import type { PutRecordsOutput } from '../../kinesis/operations/putRecords.ts';
import type { InputOf, OperationName, OutputOf } from '../../kinesis/operations.ts';
import type { CallTarget } from './callTarget.ts';
import { dropped, expiredIterator, internalFailure, kmsFailure, throttled } from './faultErrors.ts';
import type { ActiveRule, FaultRules } from './faultRules.ts';
import { entryOf, type FailedEntries, isPutRecords, runOthers } from './recordFaults.ts';

export interface FaultPorts {
  readonly rules: FaultRules;
  /** The engine's, for what an answer says. */
  readonly clock: Clock;
  /** The machine's, for latency: a stopped engine's clock must not hold a caller for ever. */
  readonly machine: Clock;
}

export interface FaultyCall<N extends OperationName> {
  readonly operation: N;
  readonly input: InputOf<N>;
  readonly context: CallContext | undefined;
  readonly target: CallTarget;
  /** Carries out the operation. */
  run(input: InputOf<N>): Promise<OutputOf<N>>;
}

/** Rejects with the first rule's exception, or as the call itself does. */
export async function playFaults<N extends OperationName>(
  ports: FaultPorts,
  call: FaultyCall<N>,
): Promise<OutputOf<N>> {
  const failed: FailedEntries = new Map();
  const run = (): Promise<OutputOf<N>> =>
    failed.size === 0 ? call.run(call.input) : runWithout(call, failed);
  const { operation, target } = call;
  for (const rule of ports.rules.covering({ operation, stream: target.stream?.name })) {
    // Another call may have had the last hit, or somebody removed the rule, while this one waited.
    if (!ports.rules.holds(rule)) continue;
    const places = placesHit(rule, call);
    if (places.length === 0) continue;
    ports.rules.count(rule);
    const { effect } = rule.spec;
    if (effect === 'latency') {
      await delay(ports.machine, rule.spec.latencyMs ?? 0, call.context?.signal);
    } else if (isPutRecords(call) && (effect === 'throttle' || effect === 'internalFailure')) {
      for (const place of places) failed.set(place, entryOf(call, { place, effect }));
    } else {
      if (effect === 'duplicate') await run();
      const failure = failureOf(effect, { rule, call, nowMs: ports.clock.now() });
      if (effect !== 'kms' || operation !== 'SubscribeToShard') throw failure;
      return { EventStream: failingEvents(failure) } as OutputOf<N>;
    }
  }
  return run();
}

/** A subscription begins before it needs the key, and is told of the key's failure as it ends. @source documented */
const failingEvents = (failure: Error): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }),
});

/** Of PutRecords the places of the records hit, else one place when the call is. */
function placesHit(rule: ActiveRule, call: FaultyCall<OperationName>): number[] {
  const { shardIds } = call.target;
  if (isPutRecords(call)) {
    const places = call.input.Records.map((_, place) => place);
    return places.filter((place) => rule.coversShard(shardIds[place] ?? '') && rule.draw());
  }
  const isCovered = rule.spec.shard === undefined || shardIds.some((id) => rule.coversShard(id));
  return isCovered && rule.draw() ? [0] : [];
}

function failureOf(
  effect: Exclude<FaultEffect, 'latency'>,
  { rule, call, nowMs }: { rule: ActiveRule; call: FaultyCall<OperationName>; nowMs: number },
): Error {
  switch (effect) {
    case 'throttle':
      return throttled(call.operation, call.target);
    case 'internalFailure':
    case 'duplicate':
      return internalFailure();
    case 'expiredIterator':
      return expiredIterator(nowMs);
    case 'dropConnection':
      return dropped();
    case 'kms':
      return kmsFailure(rule.spec.exception ?? 'KMSAccessDeniedException');
    default:
      return unreachable(effect, 'fault');
  }
}

async function runWithout<N extends OperationName>(
  call: FaultyCall<N>,
  failed: FailedEntries,
): Promise<OutputOf<N>> {
  const run = (input: InputOf<'PutRecords'>) =>
    call.run(input as InputOf<N>) as Promise<PutRecordsOutput>;
  const output = await runOthers({ input: call.input as InputOf<'PutRecords'>, failed, run });
  return output as OutputOf<N>;
}

/** Asks for the oldest record that a shard keeps, over throttles and lost calls. */
import { type Clock, delay } from '../base/clock.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { isThrottle, isUnreachable } from '../kinesis/failureKinds.ts';
import type { KinesisApi } from '../kinesis/kinesisApi.ts';
import type { GetRecordsInput, GetRecordsOutput } from '../kinesis/operations/getRecords.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type { Gate } from './gate.ts';
import type { ShardBudget } from './readBudget.ts';
import type { ShardOutage } from './shardOutage.ts';

export interface OldestHost {
  readonly api: KinesisApi;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly stream: string;
  readonly shardId: string;
  readonly budget: ShardBudget | undefined;
  readonly outage: ShardOutage;
  getRecords(input: GetRecordsInput, signal: AbortSignal): Promise<GetRecordsOutput>;
  /** How long to wait after a throttle. */
  throttleWaitMs(): number;
}

/** Pages without a record, on the way to one. */
const emptyPagesMax = 30;
/** Of a question that is throttled. */
const throttledAsksMax = 3;

/** Undefined also where nobody could tell: what could not be asked may be there. Rejects with a defect only. */
export async function oldestRecord(
  host: OldestHost,
  signal: AbortSignal,
): Promise<KinesisRecord | undefined> {
  const { outage, clock } = host;
  for (let throttles = 0; !signal.aborted; ) {
    try {
      const oldest = await ask(host, signal);
      outage.answered();
      return oldest;
    } catch (thrown) {
      if (!(thrown instanceof KinesisError)) throw thrown;
      if (isUnreachable(thrown)) {
        await outage.wait(signal, thrown.message);
        continue;
      }
      outage.answered();
      if (!isThrottle(thrown) || ++throttles === throttledAsksMax) return undefined;
      await delay(clock, host.throttleWaitMs(), signal);
    }
  }
  return undefined;
}

async function ask(host: OldestHost, signal: AbortSignal): Promise<KinesisRecord | undefined> {
  const { api, gate, budget, stream: StreamName, shardId: ShardId } = host;
  const call = { own: true, signal };
  const place = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  const began = await gate.run(signal, () => api.getShardIterator(place, call));
  let at = began?.ShardIterator;
  for (let pages = 0; pages < emptyPagesMax && at !== undefined; pages++) {
    const asked = { ShardIterator: at, Limit: 1 };
    await budget?.turn(signal);
    const page = await gate.run(signal, () => host.getRecords(asked, signal));
    if (page?.Records[0]) return page.Records[0];
    at = page?.NextShardIterator;
  }
  return undefined;
}

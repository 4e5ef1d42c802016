/** UpdateStreamWarmThroughput: UPDATING at once, durable before the answer; the shards for it come after the delay. */
import { streamNotActive } from '../../kinesis/errors.ts';
import { streamIsProvisioned } from '../../kinesis/modeErrors.ts';
import type { UpdateStreamWarmThroughputOutput } from '../../kinesis/operations/updateStreamWarmThroughput.ts';
import { arnOf } from '../describe.ts';
import { findStream, type Handler } from '../engineParts.ts';
import { checkWarm, warmChange, warmThroughputOf } from '../warmThroughput.ts';

/** No account needs a billing commitment here. @source guessed: the order of the checks. */
export const updateStreamWarmThroughput: Handler<'UpdateStreamWarmThroughput'> = async (
  engine,
  call,
) => {
  const { WarmThroughputMiBps: warmMiBps } = call.input;
  let output: UpdateStreamWarmThroughputOutput = {};
  let id = '';
  await engine.catalog.update(() => {
    const stream = findStream(engine, call);
    if (stream.mode !== 'ON_DEMAND') throw streamIsProvisioned(stream);
    checkWarm(stream, warmMiBps);
    engine.streams.checkWhole(stream.id);
    if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
    id = stream.id;
    output = {
      StreamARN: arnOf(stream),
      StreamName: stream.name,
      WarmThroughput: warmThroughputOf({ ...stream, warmMiBps }),
    };
    return [warmChange(stream, warmMiBps)];
  });
  engine.transitions.start(id);
  return output;
};

// What goes over the wire for each operation, in JSON and in CBOR, without any SDK: the members of the answer
// and no others, blobs and times in each encoding's form, an empty body where there are no members.
import { describe, expect, it } from 'vitest';
import type { OperationName } from '../../src/kinesis/operations.ts';
import type { RawAnswer } from '../server/support/rawHttp.ts';
import { eventsOf, framesOf } from './eventFrames.ts';
import { examples, type Given } from './examples.ts';
import { callIn, type RawCodec, rawCodecs } from './rawCodecs.ts';
import { openTarget } from './targets.ts';

/** Runs `work` on an engine of its own, with a stream of its own. */
async function given(operation: OperationName, work: (given: Given) => Promise<void>) {
  const { target, close } = await openTarget('raw');
  const StreamName = await target.stream(examples[operation].stream);
  await work({ target, StreamName, StreamARN: target.arnOf(StreamName) }).finally(close);
}

function expectEvents(answer: RawAnswer, codec: RawCodec, expected: object): void {
  expect(answer.headers['content-type']).toBe('application/vnd.amazon.eventstream');
  const [first, ...rest] = framesOf(answer);
  expect(first!.type).toBe('initial-response');
  expect(new Set(rest.map(({ type, contentType }) => `${type} ${contentType}`))).toEqual(
    new Set([`SubscribeToShardEvent ${codec.contentType}`]),
  );
  const events = eventsOf(answer, codec) as { Records: object[] }[];
  const Records = events.flatMap((event) => event.Records);
  expect({ ...events.at(-1), Records }).toEqual(expected);
}

describe.each(rawCodecs)('in $name', (codec) => {
  it.each(Object.keys(examples) as OperationName[])('%s', async (operation) => {
    const { input, output } = examples[operation];
    await given(operation, async (about) => {
      const asked = await input(about);
      const endpoint = about.target.backend.endpoint!;
      const answer = await callIn(codec, { endpoint, operation, input: asked });
      expect([answer.status, answer.status === 200 ? '' : codec.read(answer)]).toEqual([200, '']);
      expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
      const expected = output?.({ ...about, codec });
      if (operation === 'SubscribeToShard') return expectEvents(answer, codec, expected!);
      expect(answer.headers).toMatchObject({
        'content-type': codec.contentType,
        'content-length': `${answer.bytes.length}`,
      });
      if (expected) expect(codec.read(answer)).toEqual(expected);
      else expect(answer.bytes).toHaveLength(0);
    });
  });
});

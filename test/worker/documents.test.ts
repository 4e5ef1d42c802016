// Records that stay open in an editor while tails of their stream come and go.
import { expect, onTestFinished, test } from 'vitest';
import { LocalEngine } from './support/localEngine.ts';
import { TestWorker } from './support/testWorker.ts';

const stream = 'flights';
const bounds = { rowsMax: 1000, bytesMax: 1e7, windowBytesMax: 1e8 };

test('a document is decoded as its stream is pinned now, also when its tail was closed since', async () => {
  const local = await LocalEngine.start();
  onTestFinished(() => local.stop());
  const worker = new TestWorker();
  await worker.channel.call('connect', local.connection);
  await local.engine.createStream({ StreamName: stream, ShardCount: 1 });
  await expect
    .poll(() => local.engine.describeStreamSummary({ StreamName: stream }))
    .toMatchObject({ StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } });
  const Data = new TextEncoder().encode('{"a":1}');
  await local.engine.putRecord({ StreamName: stream, Data, PartitionKey: 'k' });
  const start = { type: 'TRIM_HORIZON' } as const;
  const asked = { connection: 'local', stream, start, ...bounds };

  const { tail } = await worker.channel.call('openTail', asked);
  await worker.tick(tail, (tick) => tick.received === 1);
  const [row] = await worker.records(tail);
  const kept = await worker.channel.call('keepRecord', { tail, position: row!.position });
  const { document } = kept!;
  expect(await worker.channel.call('recordText', { document })).toBe('{\n  "a": 1\n}');
  await worker.channel.call('closeTail', { tail });

  const again = await worker.channel.call('openTail', { ...asked, pinned: ['text'] });
  expect(await worker.channel.call('recordText', { document })).toBe('{"a":1}');
  await worker.channel.call('pinTail', { tail: again.tail, pinned: ['hex'] });
  expect(await worker.channel.call('recordText', { document })).toMatch(/^00000000 {2}7b 22/);
  await worker.channel.call('closeTail', { tail: again.tail });
});

// Columns through the real worker thread: cells with a page, the fields there are, rows out of order.
import { expect, onTestFinished, test } from 'vitest';
import { LocalEngine } from './support/localEngine.ts';
import { TestWorker } from './support/testWorker.ts';

const StreamName = 'flights';

test('cells, fields and rows out of order are told as a panel asks for them', async () => {
  const local = await LocalEngine.start();
  onTestFinished(() => local.stop());
  const worker = new TestWorker();
  await worker.channel.call('connect', local.connection);
  await local.engine.createStream({ StreamName, ShardCount: 1 });
  await local.untilActive(StreamName);
  const values = [7, 9, 8, 10];
  await worker.channel.call('call', {
    ...{ connection: 'local', operation: 'PutRecords' as const },
    input: {
      StreamName,
      Records: values.map((n) => ({
        Data: new TextEncoder().encode(JSON.stringify({ n })),
        PartitionKey: 'key',
      })),
    },
  });
  const bounds = { rowsMax: 1000, bytesMax: 1e6, windowBytesMax: 1e6 };
  const start = { type: 'TRIM_HORIZON' as const };
  const asked = { connection: 'local', stream: StreamName, start, ...bounds };
  const { tail } = await worker.channel.call('openTail', asked);
  await worker.tick(tail, ({ received }) => received === values.length);

  await worker.channel.call('watchTailOrder', { tail, path: '$.n' });
  const { order, view } = await worker.tick(tail, (tick) => tick.order?.waiting === 0);
  expect(order).toMatchObject({ path: '$.n', flagged: 1, keys: 1, unwatched: 0 });
  const page = { tail, from: view.first, count: 10 };
  const { rows, paths } = await worker.channel.call('tailPage', { ...page, paths: ['$.n', '$.x'] });
  expect(paths).toEqual(['$.n', '$.x']);
  expect(rows.map((row) => row.kind === 'record' && [row.cells, row.brokenAfter])).toEqual([
    [['7', ''], undefined],
    [['9', ''], undefined],
    [['8', ''], '9'],
    [['10', ''], undefined],
  ]);
  expect(rows[0]).toMatchObject({ cellValues: ['word', null] });
  expect(await worker.channel.call('nextBroken', { tail, step: 1 })).toBe(view.first + 2);
  expect(await worker.channel.call('tailFields', page)).toMatchObject({
    fields: [{ path: '$.n', count: 4, example: '7' }],
  });
  await worker.channel.call('watchTailOrder', { tail });
  await worker.tick(tail, (tick) => tick.order === undefined);
});

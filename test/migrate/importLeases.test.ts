// An import step by step, beside all that may come in between.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { importLeaseMs, importsMax } from '../../src/admin/streamImport.ts';
import { ControlledBench, rejection } from '../engine/support/controlledBench.ts';
import { FaultyFiles, failNext } from '../support/faultyFiles.ts';
import { TestClock } from '../support/testClock.ts';
import { expected } from './support/importing.ts';

const clock = () => new TestClock(expected.endedMs);
const opened = (settings = {}) => ControlledBench.open({ clock: clock(), settings });

describe('ImportLeases', () => {
  const plan = {
    streams: [
      {
        stream: 'orders',
        account: '000000000000',
        region: 'us-east-1',
        createdMs: 0,
        shards: [
          {
            ShardId: 'shardId-000000000000',
            HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
          },
        ],
      },
    ],
  };
  const record = (index: number, more = {}) => ({
    shard: 0,
    index,
    timeMs: expected.endedMs,
    partitionKey: 'k',
    data: new Uint8Array(1),
    ...more,
  });

  test('takes back an import that got nothing for a while, and not one that gets something', async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    const { id } = await imports.beginImport(plan);
    for (let index = 1; index < 4; index++) {
      await bench.clock.advance(importLeaseMs - 1);
      await imports.addRecords({ id, stream: 0, records: [record(index)] });
    }
    expect(await bench.streamNames()).toEqual(['orders']);
    await bench.clock.advance(importLeaseMs);
    await bench.controlled.engine.settled();
    expect(await bench.streamNames()).toEqual([]);
    const late = imports.addRecords({ id, stream: 0, records: [record(9)] });
    expect((await rejection(late)).message).toContain('There is no such import');
  });

  test('knows no import of an engine that was restored meanwhile', async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    await bench.controls.takeSnapshot('a');
    const { id } = await imports.beginImport(plan);
    await bench.controls.restoreSnapshot('a');
    expect((await rejection(imports.finishImport(id))).message).toContain('no such import');
    expect(await bench.streamNames()).toEqual([]);
  });

  test('those of an engine that was restored meanwhile count no more', async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    await bench.controls.takeSnapshot('a');
    const begin = (name: string) =>
      imports.beginImport({ streams: [{ ...plan.streams[0]!, stream: name }] });
    for (let count = 0; count < importsMax; count++) await begin(`s${count}`);
    await bench.controls.restoreSnapshot('a');
    await begin('next');
    expect(await bench.streamNames()).toEqual(['next']);
  });

  test('takes one step at a time, and says so', async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    const { id } = await imports.beginImport(plan);
    const first = imports.addRecords({ id, stream: 0, records: [record(1)] });
    const second = imports.addRecords({ id, stream: 0, records: [record(2)] });
    expect((await rejection(second)).message).toContain('Another step of this import is under way');
    await first;
    await imports.addRecords({ id, stream: 0, records: [record(2)] });
    expect((await imports.finishImport(id)).imported[0]).toMatchObject({ records: 2 });
  });

  test('a stream that is deleted meanwhile stays deleted', async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    const { id } = await imports.beginImport(plan);
    await imports.addRecords({ id, stream: 0, records: [record(1)] });
    await bench.api.deleteStream({ StreamName: 'orders' });
    expect((await rejection(imports.finishImport(id))).name).toBe('ResourceNotFoundException');
    await bench.clock.advance(1000);
    await bench.controlled.engine.settled();
    expect(await bench.streamNames()).toEqual([]);
  });

  test('refuses records that do not fit, and one import too many', async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    const refused = async (records: object[], stream = 0): Promise<string> => {
      const { id } = await imports.beginImport(plan);
      const added = imports.addRecords({ id, stream, records: records as never });
      const { message } = await rejection(added);
      await imports.cancelImport(id);
      return message;
    };
    expect(await refused([record(1)], 1)).toBe('The import has no stream 1.');
    expect(await refused([record(1, { shard: 1 })])).toContain('is of shard 1, which');
    expect(await refused([record(7), record(7)])).toContain('has the index 7, not above 7');
    const { id } = await imports.beginImport(plan);
    for (let count = 1; count < importsMax; count++) {
      const streams = [{ ...plan.streams[0]!, stream: `more-${count}` }];
      await imports.beginImport({ streams });
    }
    const last = imports.beginImport({ streams: [{ ...plan.streams[0]!, stream: 'last' }] });
    expect((await rejection(last)).message).toContain(`${importsMax} imports are under way`);
    await imports.cancelImport(id);
    await imports.beginImport({ streams: [{ ...plan.streams[0]!, stream: 'last' }] });
  });

  test('a step that failed leaves records out, so the import cannot be finished', async () => {
    const files = new FaultyFiles();
    const bench = await ControlledBench.open({ files, clock: clock() });
    const { imports } = bench.controlled;
    const { id } = await imports.beginImport(plan);
    await imports.addRecords({ id, stream: 0, records: [record(1)] });
    failNext(files, 'write', { code: 'ENOSPC' });
    await rejection(imports.addRecords({ id, stream: 0, records: [record(2)] }));
    const next = imports.addRecords({ id, stream: 0, records: [record(3)] });
    expect((await rejection(next)).message).toContain('it can only be cancelled');
    expect((await rejection(imports.finishImport(id))).message).toContain('only be cancelled');
    await imports.cancelImport(id);
    expect(await bench.streamNames()).toEqual([]);
  });

  test("refuses a record ahead of the engine's clock, whatever the plan said", async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    const { id } = await imports.beginImport(plan);
    const records = [record(1, { timeMs: Number.MAX_SAFE_INTEGER })];
    const late = await rejection(imports.addRecords({ id, stream: 0, records }));
    expect(late.message).toContain("ahead of the engine's clock");
  });

  test('old records that go for a put are not those of an import under way', async () => {
    const bench = await opened({ whenFull: 'dropOldest', folderBytesMax: 120_000 });
    await bench.streams('before');
    const { imports } = bench.controlled;
    const { id } = await imports.beginImport(plan);
    const data = new Uint8Array(3_000);
    const records = Array.from({ length: 30 }, (_, at) => record(at + 1, { data }));
    await imports.addRecords({ id, stream: 0, records });
    for (let count = 0; count < 40; count++) await bench.put('before', 'x'.repeat(3_000));
    await imports.finishImport(id);
    expect(await bench.read('orders')).toHaveLength(30);
  });

  test('takes nothing of the streams that clients may create at a time', async () => {
    const bench = await opened({ limits: 'enforce' });
    const streams = [1, 2, 3, 4, 5, 6].map((n) => ({ ...plan.streams[0]!, stream: `s${n}` }));
    await bench.controlled.imports.beginImport({ streams });
    await bench.api.createStream({ StreamName: 'mine', ShardCount: 1 });
    expect(await bench.streamNames()).toContain('mine');
  });

  test.each([0, 1, 2, 3, 4])(
    'a stream that somebody else needs now, %i turns before the finish: never one without its records',
    async (turns) => {
      const bench = await opened();
      const { imports } = bench.controlled;
      const { id } = await imports.beginImport(plan);
      await imports.addRecords({ id, stream: 0, records: [record(1)] });
      const ensured = bench.controlled.ensureStreams([{ name: 'orders', shards: 1 }]);
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      const isFinished = await imports.finishImport(id).then(
        () => true,
        () => false,
      );
      await ensured;
      expect(await bench.read('orders')).toHaveLength(isFinished ? 1 : 0);
    },
  );

  test('a snapshot that was taken in the midst holds nothing of it', async () => {
    const bench = await opened();
    const { imports } = bench.controlled;
    const { id } = await imports.beginImport(plan);
    await imports.addRecords({ id, stream: 0, records: [record(1)] });
    await bench.controls.takeSnapshot('midst');
    await imports.finishImport(id);
    expect(await bench.read('orders')).toHaveLength(1);
    await bench.controls.restoreSnapshot('midst');
    await bench.clock.advance(1000);
    await bench.controlled.engine.settled();
    expect(await bench.streamNames()).toEqual([]);
  });
});

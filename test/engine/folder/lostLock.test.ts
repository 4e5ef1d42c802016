// An engine whose folder was taken over: from the write that notices on, nothing of it reaches the disk.
import { expect, test } from 'vitest';
import { nullLogger } from '../../../src/base/logger.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { guardedFiles } from '../../../src/engine/folder/guardedFiles.ts';
import { LogError } from '../../../src/engine/log/logError.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { FaultyFiles } from '../../support/faultyFiles.ts';
import type { Operation } from '../../support/memoryFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { TestClock } from '../../support/testClock.ts';
import { bytesOf, rejection } from '../support/testEngine.ts';

test.each(['written', 'synced'] as const)(
  'an engine without its lock changes no file (%s)',
  async (durability) => {
    const disk = new FaultyFiles();
    const clock = new TestClock();
    const guard = {
      isFresh: true,
      assertOurs: () => Promise.reject(new LogError('LOCKED', 'taken over')),
    };
    const engine = await Engine.open(
      {
        files: guardedFiles(disk, guard),
        clock,
        random: seededRandom(1),
        logger: nullLogger,
        crc32: nodeCrc32,
      },
      { durability },
    );
    const orders = { StreamName: 'orders' };
    const put = { ...orders, PartitionKey: 'k', Data: bytesOf('a') };
    await engine.createStream({ ...orders, ShardCount: 1 });
    await clock.advance(100);
    await engine.putRecord(put);
    const changed = disk.operations.filter(isChange).length;

    guard.isFresh = false;
    const refused = [
      () => engine.putRecord(put),
      () => engine.putRecord(put), // the log is opened again in between
      () => engine.putRecords({ ...orders, Records: [put] }).then(({ Records }) => failed(Records)),
      () => engine.createStream({ StreamName: 'late', ShardCount: 1 }),
      () => engine.deleteStream(orders),
      () => engine.emptyStream('orders'),
    ];
    for (const call of refused) {
      expect(await rejection(call())).toMatchObject({ name: 'InternalFailure' });
    }
    await engine.removeExpired();
    await clock.advance(5_000);
    await engine.close();
    expect(disk.operations.filter(isChange)).toHaveLength(changed);
    expect(disk.openCount).toBe(0);
  },
);

/** Bringing to the disk what is there already changes nothing. */
const isChange = ({ kind }: Operation): boolean => kind !== 'sync' && kind !== 'syncFolder';

function failed(records: readonly { ErrorCode?: string | undefined }[]): never {
  const name = records[0]?.ErrorCode ?? 'none';
  throw Object.assign(new Error(name), { name });
}

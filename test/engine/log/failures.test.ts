// Writes that fail: a full disk is waited out, anything else ends the log until it is opened again.
import { describe, expect, test } from 'vitest';
import { LogError } from '../../../src/engine/log/logError.ts';
import { collectGarbage } from '../../support/collectGarbage.ts';
import { FaultyFiles, failNext } from '../../support/faultyFiles.ts';
import { seededRandom } from '../../support/seededRandom.ts';
import { fill, filler, open, readAll, segmentPaths } from './support.ts';

const entry = (key: number) => ({ lane: 0, key, timeMs: key, bytes: filler(10, key) });
const plain = ({ key, timeMs, bytes }: ReturnType<typeof entry>) => ({ key, timeMs, bytes });
const code = (wanted: string) => ({ code: wanted });

describe.each(['written', 'synced'] as const)('a full disk, %s', (durability) => {
  test('refuses what waits, reads on, and takes entries again when there is room', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    await log.append(entry(1));
    failNext(files, 'write', { code: 'ENOSPC', writtenBytes: 30 });
    const results = await Promise.allSettled([log.append(entry(2)), log.append(entry(3))]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: code('FULL') });
    }
    expect(log.pendingBytes).toBe(0);
    expect(await readAll(log)).toEqual([plain(entry(1))]);
    expect(files.raw(segmentPaths(files)[0]!)).toHaveLength(log.bytes);
    await log.append(entry(4));
    const expected = [plain(entry(1)), plain(entry(4))];
    expect(await readAll(log)).toEqual(expected);
    await log.close();
    const again = await open({ files });
    expect([await readAll(again.log), again.notices]).toEqual([expected, []]);
  });

  test('refuses what was appended while the failing write was under way', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    await log.append(entry(1));
    let later: Promise<void> | undefined;
    files.faultFor = ({ kind }) => {
      if (kind !== 'write') return undefined;
      files.faultFor = undefined;
      later = log.append(entry(3));
      return { code: 'ENOSPC' };
    };
    await expect(log.append(entry(2))).rejects.toMatchObject(code('FULL'));
    await expect(later).rejects.toMatchObject(code('FULL'));
    expect(log.pendingBytes).toBe(0);
  });

  test('holds nothing of what it refused', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    const bytes: WeakRef<object>[] = [];
    const appended = async (lane: number): Promise<void> => {
      const entry = { lane, key: lane, timeMs: 0, bytes: filler(10) };
      bytes.push(new WeakRef(entry.bytes));
      await expect(log.append(entry)).rejects.toMatchObject(code('FULL'));
    };
    let later: Promise<void> | undefined;
    files.faultFor = ({ kind }) => {
      if (kind !== 'write') return undefined;
      later ??= appended(2);
      return { code: 'ENOSPC' };
    };
    await appended(1);
    await later;
    await collectGarbage();
    expect(bytes.map((ref) => ref.deref())).toEqual([undefined, undefined]);
    files.faultFor = undefined;
    await log.append({ lane: 2, key: 3, timeMs: 0, bytes: filler(10) });
    await log.close();
  });

  test('a cut that fails too is made up for before the next write', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    await log.append(entry(1));
    files.faultFor = ({ kind }) => {
      if (kind === 'write') return { code: 'ENOSPC', writtenBytes: 76 };
      return kind === 'truncate' ? { code: 'ENOSPC' } : undefined;
    };
    await expect(log.append(entry(2))).rejects.toMatchObject(code('FULL'));
    await expect(log.append(entry(3))).rejects.toMatchObject(code('FULL'));
    files.faultFor = undefined;
    await log.append({ ...entry(4), bytes: filler(1) });
    await log.close();
    const again = await open({ files });
    expect((await readAll(again.log)).map(({ key }) => key)).toEqual([1, 4]);
    expect(again.notices).toEqual([]);
  });

  test.each(['write', 'sync', 'syncFolder', 'create'] as const)(
    'that stops a new segment at its %s leaves the old one in use',
    async (kind) => {
      const files = new FaultyFiles();
      const { log } = await open({ files, durability, segmentBytesMax: 280 });
      const entries = await fill(log, { count: 2 });
      await log.flush();
      failNext(files, kind, { code: 'ENOSPC', writtenBytes: 10 });
      await expect(log.append(entry(2))).rejects.toMatchObject(code('FULL'));
      expect(segmentPaths(files)).toHaveLength(1);
      entries.push(...(await fill(log, { from: 3, count: 4 })));
      await log.close();
      const again = await open({ files });
      expect([await readAll(again.log), again.notices]).toEqual([entries, []]);
    },
  );

  test('lets trim() remove what is old, though no new segment can begin', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability, segmentBytesMax: 280 });
    await fill(log, { count: 9 });
    files.faultFor = ({ kind }) => (kind === 'write' ? { code: 'ENOSPC' } : undefined);
    expect(await log.trim(100)).toBeGreaterThan(0);
    expect((await readAll(log)).at(-1)?.key).toBe(8);
    expect(segmentPaths(files)).toHaveLength(1);
  });
});

describe('any other failure', () => {
  test.each([
    ['written', 'write'],
    ['synced', 'write'],
    ['synced', 'sync'],
  ] as const)('%s: of a %s refuses everything until reopened', async (durability, kind) => {
    const files = new FaultyFiles();
    const { log } = await open({ files, durability });
    await log.append(entry(1));
    failNext(files, kind, { code: 'EIO', writtenBytes: 50 });
    const first = log.append(entry(2));
    const task = log.flush();
    const later = log.append(entry(3));
    for (const refused of [first, task, later, log.append(entry(4)), log.flush(), log.trim(0)]) {
      await expect(refused).rejects.toMatchObject(code('POISONED'));
    }
    const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 9, bytesMax: 99 };
    await expect(log.read(all)).rejects.toMatchObject(code('POISONED'));
    await log.close();
    expect(files.openCount).toBe(0);
    const again = await open({ files, durability });
    expect(await readAll(again.log)).toEqual([plain(entry(1))]);
    await again.log.append(entry(5));
  });

  test('a failed flush() ends a written log: what was acknowledged may be lost', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await log.append(entry(1));
    failNext(files, 'sync', { code: 'EIO' });
    await expect(log.flush()).rejects.toMatchObject(code('POISONED'));
    await expect(log.append(entry(2))).rejects.toMatchObject(code('POISONED'));
  });

  test('a write refused by a LogError ends the log with that error', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await log.append(entry(1));
    const { length } = files.operations;
    const lost = new LogError('LOCKED', 'another process holds the folder');
    files.faultFor = () => {
      throw lost;
    };
    await expect(log.append(entry(2))).rejects.toBe(lost);
    await expect(log.append(entry(3))).rejects.toBe(lost);
    expect(files.operations).toHaveLength(length);
  });

  test('a segment that cannot be removed stays part of the log', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files, segmentBytesMax: 280 });
    const entries = await fill(log, { count: 9 });
    failNext(files, 'remove', { code: 'EBUSY' });
    await expect(log.trim(100)).rejects.toMatchObject(code('EBUSY'));
    expect(await readAll(log)).toEqual(entries);
    expect(await log.trim(100)).toBeGreaterThan(0);
  });
});

test.each([1, 2, 3, 4, 5, 6])(
  'random failures lose nothing acknowledged, seed %i',
  async (seed) => {
    const random = seededRandom(seed);
    const files = new FaultyFiles();
    const acknowledged: number[] = [];
    let { log } = await open({ files, segmentBytesMax: 400 });
    for (let key = 0; key < 300; key++) {
      const codes = random.chance(0.9) ? ['ENOSPC'] : ['EIO', 'EDQUOT'];
      const fault = { code: random.pick(codes), writtenBytes: random.integer(0, 120) };
      files.faultFor = () => (random.chance(0.05) ? fault : undefined);
      const refused = await log.append(entry(key)).then(
        () => undefined,
        (error: LogError) => error,
      );
      if (!refused) acknowledged.push(key);
      files.faultFor = undefined;
      if (refused?.code !== 'POISONED') continue;
      await log.close();
      ({ log } = await open({ files, segmentBytesMax: 400 }));
    }
    const found = (await readAll(log)).map(({ key }) => key);
    expect(acknowledged.filter((key) => !found.includes(key))).toEqual([]);
    await log.close();
    const again = (await readAll((await open({ files })).log)).map(({ key }) => key);
    expect(again).toEqual(found);
  },
);

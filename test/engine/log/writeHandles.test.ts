// However many logs are written to, a bounded number of files is open for it; an active one stays open.
import { describe, expect, test } from 'vitest';
import type { Files } from '../../../src/engine/log/files.ts';
import { boundedAppends } from '../../../src/engine/log/writeHandles.ts';
import { FaultyFiles } from '../../support/faultyFiles.ts';
import { fill, open, readAll } from './support.ts';

/** Files whose handles for appending are counted. */
function counted() {
  const files = new FaultyFiles();
  const count = { open: 0, most: 0, opened: 0 };
  const { open: openFile } = files;
  files.open = async (path, mode) => {
    const file = await openFile.call(files, path, mode);
    if (mode === 'read' || !path.endsWith('.log')) return file;
    count.opened += 1;
    count.open += 1;
    count.most = Math.max(count.most, count.open);
    const { close } = file;
    return {
      ...file,
      close: () => {
        count.open -= 1;
        return close();
      },
    };
  };
  return { files, count };
}

const logs = (files: Files, length: number) =>
  Promise.all(
    Array.from({ length }, async (_, index) => (await open({ files, folder: `s/${index}` })).log),
  );

describe('boundedAppends()', () => {
  test('logs that take turns share the handles, and lose nothing', async () => {
    const { files, count } = counted();
    const many = await logs(boundedAppends(files, 4), 40);
    for (let round = 0; round < 3; round++) {
      await Promise.all(many.map((log) => fill(log, { from: round, count: 1 })));
    }
    expect(count.most).toBe(4);
    for (const log of many) {
      expect((await readAll(log)).map(({ key }) => key)).toEqual([0, 1, 2]);
      await log.close();
    }
    expect([count.open, files.openCount]).toEqual([0, 0]);
    const again = await logs(files, 40);
    for (const log of again) expect(await readAll(log)).toHaveLength(3);
  });

  test('active logs within the limit are opened once each, whoever came and went', async () => {
    const { files, count } = counted();
    const [first, second, ...others] = await logs(boundedAppends(files, 3), 20);
    await fill(first!, { count: 1 });
    await fill(second!, { count: 1 });
    for (const [round, other] of others.entries()) {
      await fill(other, { count: 1 });
      await fill(first!, { from: 1 + round, count: 1 });
      await fill(second!, { from: 1 + round, count: 1 });
    }
    expect(count).toMatchObject({ most: 3, opened: 20 });
  });

  test('flush() brings to the disk what went through a handle that was closed since', async () => {
    const { files } = counted();
    const [log, other] = await logs(boundedAppends(files, 1), 2);
    await fill(log!, { count: 1 });
    await fill(other!, { count: 1 });
    const synced = () => files.operations.filter(({ kind }) => kind === 'sync').length;
    const before = synced();
    await log!.flush();
    expect(synced()).toBe(before + 1);
  });

  test('a file that cannot be opened takes no place', async () => {
    const { files } = counted();
    const bounded = boundedAppends(files, 1);
    files.faultFor = ({ kind }) => (kind === 'create' ? { code: 'EMFILE' } : undefined);
    await expect(bounded.open('a', 'append')).rejects.toMatchObject({ code: 'EMFILE' });
    files.faultFor = undefined;
    await (await bounded.open('b', 'append')).close();
    expect(files.openCount).toBe(0);
  });
});

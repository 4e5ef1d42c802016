// Files of exports that are not whole: what a window that ended leaves is gone with the next one, and nothing else is.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { ExportParts } from '../../src/extension/exportParts.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** A workspace whose windows come one after the other, each with a process of its own. */
async function opened() {
  const values = new Map<string, unknown>();
  const memory = {
    get: <T>(key: string): T | undefined => values.get(key) as T | undefined,
    update: async (key: string, value: unknown): Promise<void> => {
      values.set(key, JSON.parse(JSON.stringify(value ?? null)));
    },
  };
  const alive = new Set<number>();
  const window = (pid: number): ExportParts => {
    alive.add(pid);
    return new ExportParts({ memory, logger: nullLogger, pid, isAlive: (it) => alive.has(it) });
  };
  const folder = await tempFolder();
  const place = path.join(folder, 'orders.jsonl');
  const write = async (parts: ExportParts): Promise<string> => {
    const part = await parts.begin(place);
    await writeFile(part, 'half');
    return part;
  };
  return { values, alive, window, folder, place, write };
}

test('a killed window leaves its part, and the next one removes it', async () => {
  const { values, alive, window, folder, write } = await opened();
  const part = await write(window(1));
  expect(path.basename(part)).toMatch(/^orders\.jsonl\.[0-9a-f]{8}\.part$/);
  await writeFile(path.join(folder, 'other.part'), 'not ours');
  alive.delete(1);
  await window(2).removeLeft();
  expect(await readdir(folder)).toEqual(['other.part']);
  expect([...values.values()]).toEqual([null]);
});

test('a window that is closed takes its parts with it, and no others', async () => {
  const { alive, window, folder, write } = await opened();
  const first = await write(window(1));
  alive.delete(1);
  const second = window(2);
  await write(second);
  second.dispose();
  expect(await readdir(folder)).toEqual([path.basename(first)]);
});

test('the export of a window that is still there goes on, and its own parts stay remembered', async () => {
  const { alive, window, folder, write } = await opened();
  const theirs = await write(window(1));
  const second = window(2);
  await second.removeLeft();
  const ours = await write(second);
  expect((await readdir(folder)).sort()).toEqual(
    [theirs, ours].map((it) => path.basename(it)).sort(),
  );
  await second.end(ours);
  alive.delete(1);
  await window(3).removeLeft();
  expect(await readdir(folder)).toEqual([path.basename(ours)]);
});

test('one that cannot be removed is tried again, and keeps no other from it', async () => {
  const { alive, window, folder, write } = await opened();
  const first = window(1);
  const stuck = await first.begin(path.join(folder, 'stuck'));
  await mkdir(stuck);
  await write(first);
  alive.clear();
  await window(2).removeLeft();
  expect(await readdir(folder)).toEqual([path.basename(stuck)]);
  await expect(window(3).remove(stuck)).rejects.toThrow(/directory/);
});

test('what was remembered otherwise removes nothing', async () => {
  const { values, window, folder, place } = await opened();
  await writeFile(place, 'whole');
  values.set('exportParts', [{ path: place, pid: 1 }, place, null, { path: `${place}.part` }, 7]);
  await window(2).removeLeft();
  expect(await readdir(folder)).toEqual(['orders.jsonl']);
});

test('what is kept takes the place of a file, and of no folder', async () => {
  const { values, window, folder, place, write } = await opened();
  const parts = window(1);
  await writeFile(place, 'before');
  await parts.keep(await write(parts), place);
  expect(await readFile(place, 'utf8')).toBe('half');

  const taken = path.join(folder, 'folder');
  await mkdir(path.join(taken, 'of the user'), { recursive: true });
  const part = await write(parts);
  await expect(parts.keep(part, taken)).rejects.toThrow(/EISDIR|ENOTEMPTY|EPERM/);
  expect(await readdir(taken)).toEqual(['of the user']);
  expect(await readFile(part, 'utf8')).toBe('half');
  expect(values.get('exportParts')).toEqual([{ path: part, pid: 1 }]);
});

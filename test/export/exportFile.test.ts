// The file of an export on a disk that fills: it ends with a whole write, and only a whole file takes its place.
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ExportFile } from '../../src/export/files/exportFile.ts';
import { smallDisk } from '../support/tmpfs.ts';

test('what a full disk takes in part is cut off again, and said', async () => {
  const folder = smallDisk(1024);
  const part = path.join(folder, 'records.part');
  const file = await ExportFile.open(part);
  const bytes = new Uint8Array(600 * 1024).fill(0x41);
  await file.write(bytes);
  await expect(file.write(bytes)).rejects.toThrow(/^The file could not be written: ENOSPC/);
  await file.leave();
  expect(statSync(part).size).toBe(bytes.length);
});

test('a whole file takes the place of what was there, one that is removed leaves it', async () => {
  const folder = smallDisk(1024);
  const place = path.join(folder, 'records.jsonl');
  const part = `${place}.part`;
  writeFileSync(place, 'before');
  const first = await ExportFile.open(part);
  await expect(ExportFile.open(part)).rejects.toThrow(/EEXIST/);
  await first.write(new TextEncoder().encode('first'));
  await first.remove();
  expect(readFileSync(place, 'utf8')).toBe('before');
  const second = await ExportFile.open(part);
  onTestFinished(() => second.leave().catch(() => undefined));
  await second.write(new TextEncoder().encode('second'));
  await second.finish(place);
  expect(readFileSync(place, 'utf8')).toBe('second');
  expect(readdirSync(folder)).toEqual(['records.jsonl']);
});

/** Handles of this process that are open on files in `folder`. */
function handlesIn(folder: string): string[] {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // that of the listing itself
    }
  });
  return targets.filter((target) => target.startsWith(folder));
}

test('a disk that fails to make sure of a file leaves it under its own name, and no handle open', async () => {
  const folder = smallDisk(1024);
  const part = path.join(folder, 'records.part');
  const file = await ExportFile.open(part);
  await file.write(new TextEncoder().encode('whole'));
  const other = await open(path.join(folder, 'other'), 'w');
  const sync = vi.spyOn(Object.getPrototypeOf(other), 'datasync');
  await other.close();
  onTestFinished(() => sync.mockRestore());
  sync.mockRejectedValue(new Error('EIO: i/o error, fdatasync'));
  expect(handlesIn(folder)).toEqual([part]);
  await expect(file.finish(path.join(folder, 'records.jsonl'))).rejects.toThrow(/^EIO/);
  expect(handlesIn(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual(['other', 'records.part']);
});

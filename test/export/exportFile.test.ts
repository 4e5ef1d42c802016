// The file of an export on a disk that fills: it ends with a whole write, and only a whole file takes its place.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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

// The bench's own machinery: what it measures against stays as it was, and CPU time is whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerIn } from '../bench/connection.ts';
import { coresOf } from '../bench/cores.ts';
import { changedLimits, frozen } from '../bench/frozen.ts';
import { ProcessCpu } from '../bench/processCpu.ts';
import { median, percentile } from '../bench/statistics.ts';
import { tempFolder } from '../support/tempFolder.ts';

const bench = path.resolve(import.meta.dirname, '../bench');

test('the limit servers are as they were when they were frozen', () => {
  expect(Object.keys(frozen)).toHaveLength(2);
  expect(changedLimits()).toEqual([]);
});

test('changedLimits() names a limit server that was changed', async () => {
  const folder = await tempFolder();
  for (const name of Object.keys(frozen)) cpSync(path.join(bench, name), path.join(folder, name));
  appendFileSync(path.join(folder, 'limit.mjs'), ' ');
  expect(changedLimits(folder)).toEqual(['limit.mjs']);
});

/** Burns 200 ms of CPU in a thread that it starts and ends for each line on standard input. */
const burner = `
  const { Worker } = require('node:worker_threads');
  const burn = 'while (process.cpuUsage().user < ' + "process.env.UNTIL" + ');';
  process.stdin.on('data', () => {
    process.env.UNTIL = String(process.cpuUsage().user + 200000);
    new Worker(burn, { eval: true }).once('exit', () => process.stdout.write('ended'));
  });
  process.stdout.write('ready');
`;

test.runIf(process.platform === 'linux')(
  'ProcessCpu counts every thread, and throws when a thread ended unseen',
  async () => {
    const child = spawn(process.execPath, ['-e', burner]);
    onTestFinished(() => void child.kill());
    await once(child.stdout, 'data');
    const cpu = new ProcessCpu(child.pid!);
    expect(cpu.micros()).toBeGreaterThan(1000);
    child.stdin.write('go');
    await once(child.stdout, 'data');
    expect(() => cpu.micros()).toThrow(/ended threads/);
  },
);

test.runIf(process.platform === 'linux')(
  'ProcessCpu agrees with what a process says of itself',
  () => {
    const cpu = new ProcessCpu(process.pid);
    const { user, system } = process.cpuUsage();
    expect(Math.abs(cpu.micros() - user - system)).toBeLessThan(100_000);
  },
);

test('coresOf() reads the list of the kernel', () => {
  expect(coresOf('0-2,5')).toEqual([0, 1, 2, 5]);
  expect(coresOf('')).toEqual([]);
});

const text = (lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));

test('answerIn() reads an answer with a length once it is whole', () => {
  const bytes = text(['HTTP/1.1 400 Bad', 'Content-Length: 4', '', 'abcd']);
  expect(answerIn(bytes.subarray(0, 10))).toBe(11);
  expect(answerIn(bytes.subarray(0, -1))).toBe(bytes.length);
  expect(answerIn(bytes)).toEqual({ status: 400, body: Buffer.from('abcd') });
});

test('answerIn() reads an answer in chunks once it is whole', () => {
  const head = ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', ''];
  const bytes = text([...head, '3', 'abc', 'a', '0123456789', '0', '', '']);
  for (let end = 1; end < bytes.length; end++)
    expect(answerIn(bytes.subarray(0, end))).toBeTypeOf('number');
  expect(answerIn(bytes)).toEqual({ status: 200, body: Buffer.from('abc0123456789') });
});

test('answerIn() refuses an answer whose end it cannot know', () => {
  expect(() => answerIn(text(['HTTP/1.1 200 OK', '', 'abc']))).toThrow('without a length');
});

test('median() and percentile() are exact on small lists', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      0.99,
    ),
  ).toBe(99);
});

// The bench's own machinery: what it measures against stays as it was, and CPU time is whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import peers from '../../tools/peers/package.json' with { type: 'json' };
import { answerIn } from '../bench/connection.ts';
import { coresOf } from '../bench/cores.ts';
import { Figures } from '../bench/figures.ts';
import { changedLimits, frozen } from '../bench/frozen.ts';
import { Http2Connection } from '../bench/http2Connection.ts';
import { http2RequestOf } from '../bench/http2Requests.ts';
import { parseOptions } from '../bench/options.ts';
import { panelTargets } from '../bench/panel/panelTargets.ts';
import { panelSection, panelSectionOf, withPanelSection } from '../bench/panelSection.ts';
import { ProcessCpu } from '../bench/processCpu.ts';
import { resultsPage, writeResults } from '../bench/results.ts';
import { median, percentile } from '../bench/statistics.ts';
import { plainText } from '../bench/table.ts';
import { targets, targetTable, verdictOn } from '../bench/targets.ts';
import { workloads } from '../bench/workloads/all.ts';
import { tempFolder } from '../support/tempFolder.ts';

const bench = path.resolve(import.meta.dirname, '../bench');

test('the limit servers are as they were when they were frozen', () => {
  expect(Object.keys(frozen)).toHaveLength(3);
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

/** Burns 200 ms of CPU, says what it has used in all, and stays. */
const reporter = `
  process.stdin.resume();
  while (process.cpuUsage().user < 200000);
  process.stdout.write(JSON.stringify(process.cpuUsage()));
`;

test.runIf(process.platform === 'linux')(
  'ProcessCpu agrees with what a process says of itself',
  async () => {
    const child = spawn(process.execPath, ['-e', reporter]);
    onTestFinished(() => void child.kill());
    const [chunk] = await once(child.stdout, 'data');
    const { user, system } = JSON.parse(String(chunk)) as NodeJS.CpuUsage;
    const unexplained = new ProcessCpu(child.pid!).micros() - user - system;
    expect(Math.abs(unexplained)).toBeLessThan(50_000);
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

test('http2RequestOf() compresses headers anew, and for the second time by what the first left', async () => {
  const { blocks, body } = await http2RequestOf('ListStreams', {});
  expect(body.toString()).toBe('{}');
  const target = Buffer.from('x-amz-target');
  expect(blocks.first.length).toBeGreaterThan(blocks.next.length + target.length);
});

/** A server of HTTP/2 that echoes bodies, on a port of its own. */
async function echoing(): Promise<number> {
  const server = http2.createServer((request, response) => {
    expect(request.headers['x-amz-target']).toBe('Kinesis_20131202.Echo');
    request.pipe(response);
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('Http2Connection sends many requests at once and reads each one its answer', async () => {
  const connection = await Http2Connection.open(await echoing());
  onTestFinished(() => connection.close());
  const texts = Array.from({ length: 50 }, (_, index) => String(index + 10).repeat(2000));
  const answers = texts.map(async (text) =>
    connection.request(await http2RequestOf('Echo', { text })),
  );
  const bodies = (await Promise.all(answers)).map(({ body }) => body.toString());
  expect(bodies).toEqual(texts.map((text) => JSON.stringify({ text })));
});

test('Http2Connection rejects what is under way when the server goes away', async () => {
  const server = net.createServer((socket) => socket.once('data', () => socket.destroy()));
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = await Http2Connection.open((server.address() as AddressInfo).port);
  const answer = connection.request(await http2RequestOf('Echo', {}));
  await expect(answer).rejects.toThrow('closed the connection');
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

/** Figures that meet every target exactly, or miss each by a hundredth. */
function figuresAt(share: number): Figures {
  const figures = new Figures();
  const one = { cpuMin: 1, p50Min: 1, startMsMin: 1, idleMiBMin: 1 };
  for (const server of ['limit', 'disk', 'kinesalite', 'ferrokinesis']) {
    for (const workload of ['putRecords500', 'putRecord1'])
      figures.set(`${workload}/${server}`, one);
  }
  figures.set('putRecords500/written', { cpuMin: 0.1 * share });
  figures.set('putRecord1/synced', { p50Min: 3.5 * share });
  return figures;
}

const verdicts = (figures: Figures): Record<string, string> =>
  Object.fromEntries(targets.map((target) => [target.name, verdictOn(target, figures)]));

test('verdictOn() says met at the bound, missed above it, and owns up to what was not measured', () => {
  expect(verdicts(figuresAt(1))).toMatchObject({
    'putRecords500: written to kinesalite': 'met',
    'putRecord1: p50 of synced, one connection': 'met',
    'putRecords500: written to kinesis-local': 'not measured',
    'start: idle memory': 'not measured',
  });
  expect(verdicts(figuresAt(1.01))).toMatchObject({
    'putRecords500: written to limit': 'met',
    'putRecords500: written to kinesalite': 'missed',
    'putRecord1: p50 of synced, one connection': 'missed',
  });
});

test('every target has a name of its own', () => {
  expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
});

test('every target is of a workload, and every workload has one', () => {
  const named = new Set(targets.map(({ name }) => name.split(':')[0]));
  expect([...named].toSorted()).toEqual(workloads.map(({ id }) => id).toSorted());
});

test('targets name the versions of the peers that are installed', () => {
  for (const [name, version] of Object.entries(peers.devDependencies)) {
    const sources = targets.filter(({ source }) => source.startsWith(name));
    expect(sources.length).toBeGreaterThan(0);
    for (const { source } of sources) expect(source).toContain(`${name} ${version}`);
  }
});

const resultsAt = (metric: number) => {
  const figures = figuresAt(metric);
  const table = targetTable(figures, false);
  return {
    options: parseOptions(['--closing']),
    figures,
    sections: [{ title: 'Some workload', id: 'some', table }],
    absent: ['nobody'],
    loads: ['0.10', '1.00'],
    minutes: 12,
  } as const;
};

test('resultsPage() lists every target, measured or not', () => {
  const page = resultsPage(resultsAt(1));
  for (const { name } of targets) expect(page).toContain(`| ${name} |`);
  expect(page).toMatch(/Load average: 0\.10 at the start/);
  expect(page).toContain('Not measured: nobody');
});

test('withPanelSection() adds the part about the workbench, or replaces it and nothing else', () => {
  const page = '# Results\n\n## Targets\n\n| a |\n';
  const first = withPanelSection(page, panelSection(['one', '| $& |']));
  expect(panelSectionOf(page)).toBeUndefined();
  expect(first).toBe(`${page}\n${panelSection(['one', '| $& |'])}`);
  const middle = `${first}\n## Later\n\n| b |\n`;
  expect(panelSectionOf(middle)).toBe(panelSection(['one', '| $& |']));
  const second = withPanelSection(middle, panelSection(['two']));
  expect(second).toContain('## Targets\n\n| a |\n');
  expect(second).toContain('## Later\n\n| b |\n');
  expect(panelSectionOf(second)).toBe(panelSection(['two']));
  expect(second).not.toContain('one');
});

test('writeResults() leaves the part about the workbench as it is', async () => {
  const file = path.join(await tempFolder(), 'RESULTS.md');
  writeFileSync(file, withPanelSection('# Old', panelSection(['measured elsewhere'])));
  writeResults(resultsAt(1), file);
  const page = readFileSync(file, 'utf8');
  expect(panelSectionOf(page)).toBe(panelSection(['measured elsewhere']));
  expect(page).toContain('(`some`)');
  expect(page).not.toContain('# Old');
});

test('the targets of the panel are met up to their controls, and missed beyond', () => {
  const verdictsAt = (over: number): string[] => {
    const figures = new Figures();
    figures.set('putToPixel/bare message', { p50Ms: 10 });
    figures.set('putToPixel/from the answer', { p50Ms: 40 + over });
    figures.set('follow/idle', { delayP99Ms: 10 });
    figures.set('follow/load', { delayP99Ms: 30 + over });
    figures.set('follow/difference', { hostMsPer1000: 1 + over, scriptMsPerSecond: 250 + over });
    figures.set('hidden/hidden', { messages: over });
    figures.set('millionRows/thumb', { framesP95: 2 + over, blankAtRest: over });
    return panelTargets.map((target) => verdictOn(target, figures));
  };
  expect(verdictsAt(0)).toEqual(panelTargets.map(() => 'met'));
  expect(verdictsAt(1)).toEqual(panelTargets.map(() => 'missed'));
  expect(verdictOn(panelTargets[0]!, new Figures())).toBe('not measured');
});

test('a difference below nothing has three digits, too', () => {
  const figures = new Figures();
  figures.set('follow/difference', { hostMsPer1000: -0.21522 });
  const [row] = targetTable(figures, false, panelTargets).rows;
  expect(row![1]).toBe('-0.215 ms');
});

test('plainText() sets numbers to the right', () => {
  const table = {
    head: ['', 'ms', 'of'],
    rows: [
      ['a', '-1.5 ms', 'x'],
      ['bb', '-', 'yy'],
    ],
  };
  expect(plainText(table)).toBe('           ms  of\n  a   -1.5 ms  x\n  bb        -  yy');
});

test.each([
  [['--rounds=0'], '--rounds'],
  [['--depth=5'], '--depth'],
  [['--closing', '--only=start'], '--closing'],
  [['--closing', '--rounds=3'], '--closing'],
])('parseOptions() refuses %s', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});

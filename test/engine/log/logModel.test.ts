// The log against a plain model: random appends, reads, trims, clears and reopenings give the same answers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joined } from '../../../src/engine/log/bytes.ts';
import {
  type Log,
  type LogEntry,
  type LogPage,
  PASSED_OVER,
  type ReadRequest,
} from '../../../src/engine/log/log.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';
import { filler, open, summary } from './support.ts';

const LANES = 3;

/** What a log is, without files: entries of each lane in order. */
class Model {
  lanes: LogEntry[][] = Array.from({ length: LANES }, () => []);
  lastKey = -1;
  lastTimeMs = 0;

  append(lane: number, entry: LogEntry): void {
    this.lanes[lane]!.push(entry);
    this.lastKey = Math.max(this.lastKey, entry.key);
    this.lastTimeMs = entry.timeMs;
  }

  read({
    lane,
    fromKey,
    horizonMs,
    countMax,
    bytesMax,
  }: ReadRequest): Pick<LogPage, 'entries' | 'nextKey'> {
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (const entry of this.lanes[lane]!) {
      if (entry.key < fromKey || entry.timeMs < horizonMs) continue;
      bytes += entry.bytes.length;
      if (entries.length === countMax || (entries.length > 0 && bytes > bytesMax)) break;
      entries.push(entry);
    }
    const lastKey = this.lanes[lane]!.at(-1)?.key ?? -1;
    const nextKey = (entries.at(-1)?.key ?? Math.max(fromKey - 1, lastKey)) + 1;
    return { entries, nextKey };
  }

  first(lane: number, timeMs: number): LogEntry | undefined {
    return this.lanes[lane]!.find((entry) => entry.timeMs >= timeMs);
  }
}

interface Real {
  log: Log;
  readonly files: MemoryFiles;
  readonly options: { segmentBytesMax: number; cacheBytesMax: number };
}

type Command = fc.AsyncCommand<Model, Real>;

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

interface Step {
  readonly lane: number;
  readonly keyStep: number;
  readonly timeStep: number;
  readonly length: number;
}

const appendAll = (steps: readonly Step[]): Command =>
  command(`append ${JSON.stringify(steps)}`, async (model, { log }) => {
    const waiting = steps.map(({ lane, keyStep, timeStep, length }) => {
      const key = model.lastKey + keyStep;
      const entry = { key, timeMs: model.lastTimeMs + timeStep, bytes: filler(length, key) };
      model.append(lane, entry);
      return log.append({ lane, ...entry });
    });
    await Promise.all(waiting);
  });

/** Entries of one time, some passed over, whose keys follow each other. */
const appendTogether = (lanes: readonly number[], lengths: readonly number[]): Command =>
  command(`append together ${JSON.stringify([lanes, lengths])}`, async (model, { log }) => {
    const { lastKey, lastTimeMs: timeMs } = model;
    const pieces: Uint8Array[] = [];
    const ends: number[] = [];
    for (const [place, lane] of lanes.entries()) {
      const bytes = filler(lengths[place % lengths.length]!, place);
      pieces.push(bytes);
      ends.push((ends.at(-1) ?? 0) + bytes.length);
      if (lane !== PASSED_OVER) model.append(lane, { key: model.lastKey + 1, timeMs, bytes });
    }
    if (model.lastKey === lastKey) return;
    const bytes = joined(pieces);
    await log.appendAll({ lanes, firstKey: lastKey + 1, timeMs, bytes, start: 0, ends });
  });

interface Fractions extends Omit<ReadRequest, 'fromKey' | 'horizonMs'> {
  readonly key: number;
  readonly time: number;
}

const read = ({ key, time, ...rest }: Fractions): Command =>
  command(`read ${JSON.stringify({ key, time, ...rest })}`, async (model, { log }) => {
    const fromKey = Math.floor(key * (model.lastKey + 3));
    const horizonMs = Math.floor(time * (model.lastTimeMs + 2));
    const request = { ...rest, fromKey, horizonMs };
    // The log may still have entries below the horizon that the model has trimmed, but never shows them.
    const [page, wanted] = [await log.read(request), model.read(request)];
    expect(summary(page.entries)).toEqual(summary(wanted.entries));
    expect(page.nextKey).toBe(wanted.nextKey);
    expect(page.count).toBe(wanted.entries.length);
    expect(page.lastTimeMs).toBe(wanted.entries.at(-1)?.timeMs);
  });

const locate = (lane: number, time: number): Command =>
  command(`locate ${lane} ${time}`, async (model, { log }) => {
    const timeMs = Math.floor(time * (model.lastTimeMs + 2));
    const wanted = model.first(lane, timeMs);
    expect(await log.keyAtTime(lane, timeMs)).toBe(wanted?.key);
    expect(await log.firstTimeMs(lane, timeMs)).toBe(wanted?.timeMs);
  });

/** What the log keeps after a trim is its own choice, but nothing at or after the horizon may go. */
async function adopt(model: Model, log: Log): Promise<void> {
  for (let lane = 0; lane < LANES; lane++) {
    const bounds = log.bounds(lane);
    const firstKey = bounds?.firstKey ?? Number.POSITIVE_INFINITY;
    model.lanes[lane] = model.lanes[lane]!.filter(({ key }) => key >= firstKey);
    const last = model.lanes[lane]!.at(-1);
    const expected = last && { firstKey, lastKey: last.key, lastTimeMs: last.timeMs };
    expect(bounds).toEqual(expected);
    if (last) expect(model.lanes[lane]![0]!.key).toBe(firstKey);
  }
}

const trim = (time: number): Command =>
  command(`trim ${time}`, async (model, { log }) => {
    const horizonMs = Math.floor(time * (model.lastTimeMs + 2));
    const kept = model.lanes.map((lane) => lane.filter(({ timeMs }) => timeMs >= horizonMs).length);
    const before = log.bytes;
    const freed = await log.trim(horizonMs);
    await adopt(model, log);
    model.lanes.forEach((lane, index) => {
      expect(lane.length).toBeGreaterThanOrEqual(kept[index]!);
    });
    // A new segment and an index file may have come, so that less is gained than was freed.
    expect(log.bytes).toBeGreaterThanOrEqual(before - freed);
  });

const dropOldest = command('dropOldest', async (model, { log }) => {
  await log.dropOldest();
  await adopt(model, log);
});

const clear = command('clear', async (model, { log }) => {
  await log.clear();
  model.lanes = model.lanes.map(() => []);
  await adopt(model, log);
});

const reopen = command('reopen', async (model, real) => {
  await real.log.close();
  expect(real.files.openCount).toBe(0);
  const { log, notices } = await open({ files: real.files, ...real.options });
  real.log = log;
  expect(notices).toEqual([]);
  expect([log.lastKey, log.lastTimeMs]).toEqual([model.lastKey, model.lastTimeMs]);
  await adopt(model, log);
  const sizes = await Promise.all(real.files.paths.map((path) => real.files.stat(path)));
  expect(log.bytes).toBe(sizes.reduce((sum, stat) => sum + (stat?.size ?? 0), 0));
});

const lane = fc.integer({ min: 0, max: LANES - 1 });
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const step = fc.record({
  lane,
  keyStep: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(2 ** 33)),
  timeStep: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })),
  length: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, 127, 128, 8192, 8193)),
});
const request = fc.record({
  lane,
  key: fraction,
  time: fc.oneof(fc.constant(0), fraction),
  countMax: fc.integer({ min: 1, max: 30 }),
  bytesMax: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.constant(2 ** 30)),
});
const often = fc.array(step, { minLength: 1, maxLength: 12 }).map(appendAll);
const laneOrNone = fc.oneof(lane, lane, fc.constant(PASSED_OVER));
const together = fc
  .tuple(
    fc.array(laneOrNone, { minLength: 1, maxLength: 12 }),
    fc.array(fc.constantFrom(0, 1, 60, 127, 128, 8193), { minLength: 1, maxLength: 5 }),
  )
  .map(([lanes, lengths]) => appendTogether(lanes, lengths));
const commands = fc.commands(
  [
    often,
    often,
    together,
    request.map(read),
    request.map(read),
    request.map(read),
    fc.tuple(lane, fraction).map(([where, time]) => locate(where, time)),
    fraction.map(trim),
    fc.constantFrom(reopen, reopen, reopen, dropOldest, clear),
  ],
  { maxCommands: 100, size: '+1' },
);

test('openLog() and what it opens behave like a plain list of entries', async () => {
  const options = fc.record({
    segmentBytesMax: fc.constantFrom(300, 2000, 2 ** 20),
    cacheBytesMax: fc.constantFrom(0, 1500, 2 ** 20),
  });
  await fc.assert(
    fc.asyncProperty(commands, options, async (steps, chosen) => {
      const files = memoryFiles();
      const { log } = await open({ files, ...chosen });
      const setup = () => ({ model: new Model(), real: { log, files, options: chosen } });
      await fc.asyncModelRun(setup, steps);
    }),
    { numRuns: 200 },
  );
});

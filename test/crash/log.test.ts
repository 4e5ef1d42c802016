// The log loses nothing that it acknowledged and invents nothing, wherever in its work it is cut off.
import { describe, expect, test } from 'vitest';
import { LogError } from '../../src/engine/log/logError.ts';
import { nodeCrc32 } from '../../src/engine/log/nodeFiles.ts';
import { FaultyFiles } from '../support/faultyFiles.ts';
import type { Operation } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import {
  complaintsAfter,
  type History,
  type Leftover,
  openOn,
  runWorkload,
} from './logWorkload.ts';

const SEEDS = Array.from({ length: 5 }, (_, index) => 1000 + index);
const STEPS = 40;

type Promised = Pick<Leftover, 'durability' | 'promised'>;

/** The first thing wrong after a kill at any change, and in the middle of any write. */
async function killEverywhere(history: History, promise: Promised): Promise<string[]> {
  const { files } = history;
  const random = seededRandom(history.appended.length);
  for (let at = 0; at <= files.operations.length; at++) {
    const next = files.operations[at];
    const length = next?.kind === 'write' ? next.bytes.length : 0;
    for (const writtenBytes of new Set([0, random.integer(0, length), Math.max(0, length - 1)])) {
      const left = { ...promise, files: files.afterKill(at, writtenBytes), at };
      const complaints = await complaintsAfter(history, left);
      if (complaints.length > 0) return [`killed at ${at} + ${writtenBytes} bytes`, ...complaints];
    }
  }
  return [];
}

/** The first thing wrong after a power cut at any change, with a random part of what was not synced. */
async function cutPowerEverywhere(history: History, promise: Promised): Promise<string[]> {
  const { files } = history;
  for (let at = 0; at <= files.operations.length; at++) {
    for (const round of [0, 1, 2]) {
      const random = seededRandom(files.operations.length * 7919 + at * 3 + round);
      const left = { ...promise, files: files.afterPowerCut(at, random), at };
      const complaints = await complaintsAfter(history, left);
      if (complaints.length > 0) return [`power cut at ${at}, round ${round}`, ...complaints];
    }
  }
  return [];
}

test.each(SEEDS)('written: a killed process loses nothing acknowledged, seed %i', async (seed) => {
  const promise = { durability: 'written', promised: 'acknowledgedAt' } as const;
  const history = await runWorkload(seed, { ...promise, steps: STEPS });
  expect(await killEverywhere(history, promise), `seed ${seed}`).toEqual([]);
});

test.each(SEEDS)(
  'written: a power cut loses nothing flushed, and leaves no hole, seed %i',
  async (seed) => {
    const promise = { durability: 'written', promised: 'flushedAt' } as const;
    const history = await runWorkload(seed, { ...promise, steps: STEPS });
    expect(await cutPowerEverywhere(history, promise), `seed ${seed}`).toEqual([]);
  },
);

test.each(SEEDS)(
  'synced: neither a kill nor a power cut loses anything acknowledged, seed %i',
  async (seed) => {
    const promise = { durability: 'synced', promised: 'acknowledgedAt' } as const;
    const history = await runWorkload(seed, { ...promise, steps: STEPS });
    expect(await killEverywhere(history, promise), `seed ${seed}`).toEqual([]);
    expect(await cutPowerEverywhere(history, promise), `seed ${seed}`).toEqual([]);
  },
);

/** The first thing wrong after power cuts at any change that lose what was not synced in any order. */
async function losePagesEverywhere(history: History, promise: Promised): Promise<string[]> {
  const { files } = history;
  for (let at = 0; at <= files.operations.length; at++) {
    for (const round of [0, 1, 2, 3]) {
      const random = seededRandom(files.operations.length * 31 + at * 4 + round);
      const left = { ...promise, files: files.afterPowerCut(at, random, 'pages'), at };
      const complaints = await complaintsAfter(history, left).catch(told);
      if (complaints.length > 0) return [`power cut at ${at}, round ${round}`, ...complaints];
    }
  }
  return [];
}

function told(error: unknown): string[] {
  if (error instanceof LogError) return [error.message];
  throw error;
}

/** Of several pages, and of several batches in a page. */
const segmentBytesMax = 30_000;

describe.each([
  { durability: 'written', promised: 'flushedAt' },
  { durability: 'synced', promised: 'acknowledgedAt' },
] as const)('pages that reached the disk in any order, $durability', (promise) => {
  test.each(SEEDS)(
    'are a log that opens, without a gap and with all that was promised, seed %i',
    async (seed) => {
      const history = await runWorkload(seed, { ...promise, steps: STEPS, segmentBytesMax });
      expect(await losePagesEverywhere(history, promise), `seed ${seed}`).toEqual([]);
    },
  );
});

/** What a log looks like that does not say how its batches were brought to the disk. */
class Silent extends FaultyFiles {
  protected override change(operation: Operation): Promise<void> {
    if (operation.kind === 'write' && operation.position === 0 && operation.bytes.length === 64) {
      operation.bytes[52] = 0;
      new DataView(operation.bytes.buffer).setUint32(
        60,
        nodeCrc32(operation.bytes.subarray(0, 60)),
        true,
      );
    }
    return super.change(operation);
  }
}

/** Syncs segments when it pleases, which is never. */
class Unsynced extends FaultyFiles {
  protected override async change(operation: Operation): Promise<void> {
    if (operation.kind !== 'sync') await super.change(operation);
  }
}

test.each([
  [
    'a log that does not say that it may have gaps',
    new Silent(),
    'written',
    'flushedAt',
    /damaged/,
  ],
  ['a sync that does nothing', new Unsynced(), 'synced', 'acknowledgedAt', /is lost|damaged/],
] as const)('lost pages show %s', async (_, files, durability, promised, complaint) => {
  const promise = { durability, promised };
  const history = await runWorkload(1, { durability, steps: STEPS, segmentBytesMax, files });
  expect((await losePagesEverywhere(history, promise)).join('\n')).toMatch(complaint);
});

test('synced: what openLog() shows cannot be taken back by a power cut', async () => {
  const history = await runWorkload(7, { durability: 'written', steps: 3 });
  const { log } = await openOn(history.files, 'synced');
  const shown = log.lastKey;
  expect(shown).toBeGreaterThan(-1);
  await log.close();
  for (let seed = 0; seed < 20; seed++) {
    const left = history.files.afterPowerCut(history.files.operations.length, seededRandom(seed));
    expect((await openOn(left, 'synced')).log.lastKey, `seed ${seed}`).toBe(shown);
  }
});

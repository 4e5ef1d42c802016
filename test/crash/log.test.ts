// The log loses nothing that it acknowledged and invents nothing, wherever in its work it is cut off.
import { expect, test } from 'vitest';
import { LogError } from '../../src/engine/log/logError.ts';
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

test.each(SEEDS)(
  'written: a killed process loses nothing acknowledged, seed %i',
  async (seed) => {
    const promise = { durability: 'written', promised: 'acknowledgedAt' } as const;
    const history = await runWorkload(seed, { ...promise, steps: STEPS });
    expect(await killEverywhere(history, promise), `seed ${seed}`).toEqual([]);
  },
  60_000,
);

test.each(SEEDS)(
  'written: a power cut loses nothing flushed, and leaves no hole, seed %i',
  async (seed) => {
    const promise = { durability: 'written', promised: 'flushedAt' } as const;
    const history = await runWorkload(seed, { ...promise, steps: STEPS });
    expect(await cutPowerEverywhere(history, promise), `seed ${seed}`).toEqual([]);
  },
  60_000,
);

test.each(SEEDS)(
  'synced: neither a kill nor a power cut loses anything acknowledged, seed %i',
  async (seed) => {
    const promise = { durability: 'synced', promised: 'acknowledgedAt' } as const;
    const history = await runWorkload(seed, { ...promise, steps: STEPS });
    expect(await killEverywhere(history, promise), `seed ${seed}`).toEqual([]);
    expect(await cutPowerEverywhere(history, promise), `seed ${seed}`).toEqual([]);
  },
  60_000,
);

test.each(SEEDS)(
  'written: pages that reached the disk in any order are no log with a hole in it, seed %i',
  async (seed) => {
    const promise = { durability: 'written', promised: 'flushedAt' } as const;
    const history = await runWorkload(seed, { ...promise, steps: STEPS });
    const { files } = history;
    for (let at = 0; at <= files.operations.length; at++) {
      const left = files.afterPowerCut(at, seededRandom(seed * 31 + at), true);
      // A batch behind one that is missing cannot be told from damage: then the log says so and stays shut.
      const complaints = await complaintsAfter(history, { ...promise, files: left, at }).catch(
        (error: unknown) => (error instanceof LogError && error.code === 'CORRUPT' ? [] : [error]),
      );
      expect(complaints, `power cut at ${at}`).toEqual([]);
    }
  },
  60_000,
);

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

// The queue of a log: what is done in which order, which appends meet in a batch, what a failure rejects.
import { describe, expect, test } from 'vitest';
import type { PendingBatch } from '../../../src/engine/log/batch.ts';
import { Jobs } from '../../../src/engine/log/jobs.ts';
import { addTo } from './support.ts';

const entry = (key: number, length = 1) => {
  return { lane: 0, key, timeMs: 0, bytes: new Uint8Array(length) };
};

/** A queue whose batches are written by `write`; `done` tells what was done. */
function jobsOf(write: (batch: PendingBatch) => Promise<void> = async () => undefined) {
  const done: string[] = [];
  const [keys, ends] = [new Map<PendingBatch, number[]>(), new Map()];
  const jobs = new Jobs(async (batch) => {
    await write(batch);
    done.push(keys.get(batch)?.join() ?? '');
    batch.resolve();
  });
  const append = (key: number, length?: number): PendingBatch => {
    const batch = jobs.batch();
    addTo(batch, entry(key, length), ends);
    keys.set(batch, [...(keys.get(batch) ?? []), key]);
    batch.done.catch(() => undefined);
    return batch;
  };
  const task = (name: string, isLast = false) =>
    jobs.add(
      async () => {
        done.push(name);
      },
      { isLast },
    );
  return { jobs, done, append, task };
}

describe('Jobs', () => {
  test('appends of one turn are one batch; a task stands between those before and after it', async () => {
    const { done, append, task } = jobsOf();
    append(1);
    append(2);
    const told = task('task');
    append(3);
    const last = append(4);
    await Promise.all([told, last.done]);
    expect(done).toEqual(['1,2', 'task', '3,4']);
    await append(5).done;
    expect(done.at(-1)).toBe('5');
  });

  test('nothing joins a batch that is being written, and only one is', async () => {
    let writing = 0;
    let most = 0;
    const later: PendingBatch[] = [];
    const { done, append } = jobsOf(async () => {
      writing += 1;
      most = Math.max(most, writing);
      if (later.length === 0) later.push(append(2), append(3));
      await new Promise(setImmediate);
      writing -= 1;
    });
    await append(1).done;
    await later[1]!.done;
    expect([done, most]).toEqual([['1', '2,3'], 1]);
  });

  test('a batch of 8 MiB is closed, one of a byte less is not', async () => {
    const { done, append } = jobsOf();
    append(1, 8 * 1024 * 1024 - 1);
    append(2, 1);
    await append(3).done;
    expect(done).toEqual(['1,2', '3']);
  });

  test('a batch waits for gather(), which is asked once until the queue is empty', async () => {
    const gone: (() => void)[] = [];
    let written = 0;
    const jobs = new Jobs(
      async (batch) => {
        written += 1;
        batch.resolve();
      },
      { gather: (go) => gone.push(go) },
    );
    const first = jobs.batch();
    expect(jobs.batch()).toBe(first);
    await new Promise(setImmediate);
    expect([gone.length, written]).toEqual([1, 0]);
    gone[0]!();
    await first.done;
    await new Promise(setImmediate);
    const second = jobs.batch();
    expect([second === first, gone.length]).toEqual([false, 2]);
  });

  test('appends during a task join the batch that waits behind it', async () => {
    const { jobs, done, append } = jobsOf();
    let later: PendingBatch | undefined;
    const told = jobs.add(async () => {
      later = append(2);
    });
    const waiting = append(1);
    await Promise.all([told, waiting.done]);
    expect([later, done]).toEqual([waiting, ['1,2']]);
  });

  test('a task is none that has to run after a failure, unless it says so', async () => {
    const { jobs } = jobsOf();
    const refused = jobs.add(async () => 1);
    jobs.rejectWaiting(new Error('reason'), 'all');
    await expect(refused).rejects.toThrow('reason');
  });

  describe('where writing is dear', () => {
    /** Writes end when told to; a turn of the loop ends when told to. */
    function dearJobs() {
      let lanes = 0;
      const sizes: number[] = [];
      const turns: (() => void)[] = [];
      const writes: (() => void)[] = [];
      const write = async (batch: PendingBatch): Promise<void> => {
        sizes.push(batch.runCount);
        await new Promise<void>((go) => writes.push(go));
        batch.resolve();
      };
      const jobs = new Jobs(write, { gather: (go) => turns.push(go), isDear: true });
      const append = (count = 1, length = 1): void => {
        for (let left = count; left > 0; left--) {
          const entry = { lane: lanes++, key: 0, timeMs: 0, bytes: new Uint8Array(length) };
          addTo(jobs.batch(), entry, new Map());
        }
      };
      const ends = async (ending: (() => void)[]): Promise<void> => {
        ending.shift()!();
        await new Promise(setImmediate);
      };
      return { jobs, sizes, append, turns, turn: () => ends(turns), written: () => ends(writes) };
    }

    test('those who were answered and those who wait share the next batch', async () => {
      const { sizes, append, turn, written } = dearJobs();
      append();
      await turn();
      append(2);
      await written();
      await turn();
      append();
      await turn();
      expect(sizes).toEqual([1, 3]);
    });

    test('a turn that brings nobody ends the wait', async () => {
      const { sizes, append, turn, written } = dearJobs();
      append(4);
      await turn();
      append(2);
      await written();
      await turn();
      append();
      await turn();
      expect(sizes).toEqual([4]);
      await turn();
      expect(sizes).toEqual([4, 3]);
    });

    test('one who is alone waits for one turn, as where it is cheap', async () => {
      const { sizes, append, turn, turns, written } = dearJobs();
      for (let call = 0; call < 3; call++) {
        append();
        await turn();
        await written();
      }
      expect([sizes, turns]).toEqual([[1, 1, 1], []]);
    });

    test('a batch of 16 KiB is not held back', async () => {
      const { sizes, append, turn, turns, written } = dearJobs();
      append(3);
      await turn();
      append(1, 16 * 1024);
      await written();
      expect([sizes, turns]).toEqual([[3, 1], []]);
    });

    test('a batch that a task waits behind is not held back', async () => {
      const { jobs, sizes, append, turn, turns, written } = dearJobs();
      append(3);
      await turn();
      append(1);
      const task = jobs.add(async () => 7);
      await written();
      expect([sizes, turns]).toEqual([[3, 1], []]);
      await written();
      expect(await task).toBe(7);
    });
  });

  test('a task`s failure is its own', async () => {
    const { jobs, append } = jobsOf();
    const failed = jobs.add(() => Promise.reject(new Error('no')));
    const after = append(1);
    await expect(failed).rejects.toThrow('no');
    await after.done;
    expect(await jobs.add(async () => 7)).toBe(7);
  });

  test.each([
    ['batches', ['b', 'last']],
    ['all', ['last']],
  ] as const)('rejectWaiting() of %s', async (what, kept) => {
    const reason = new Error('reason');
    const { jobs, done, append, task } = jobsOf();
    const outcomes: Promise<unknown>[] = [append(1).done, task('b'), append(2).done];
    const last = task('last', true);
    const open = append(3);
    jobs.rejectWaiting(reason, what);
    expect(jobs.batch()).not.toBe(open);
    const settled = await Promise.allSettled([...outcomes, open.done]);
    const rejected = settled.map((result) => result.status === 'rejected' && result.reason);
    expect(rejected).toEqual([reason, what === 'all' && reason, reason, reason]);
    await last;
    expect(done.slice(0, kept.length)).toEqual(kept);
  });
});

// Capacity by itself: at which byte it says what, when the folder and the disk are asked, what gives room.
import { describe, expect, it } from 'vitest';
import type { FolderUse } from '../../src/admin/adminApi.ts';
import { nullLogger } from '../../src/base/logger.ts';
import { Capacity } from '../../src/engine/capacity.ts';
import { engineDefaults } from '../../src/engine/ports.ts';
import { settle, TestClock } from '../support/testClock.ts';
import { rejection } from './support/testEngine.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** A stream whose log is open: what it holds, and what it can give. */
interface OpenLog {
  bytes: number;
  sealed?: number;
  active?: number;
  readonly failure?: string;
}

type Settings = Partial<Pick<typeof engineDefaults, 'folderBytesMax' | 'whenFull'>>;

/** Streams that are numbers only, and a disk; what was asked of them is noted. */
class Fakes {
  readonly disk = { free: 2 ** 40, asked: 0, path: '', failure: undefined as string | undefined };
  readonly resting = new Map<string, number>();
  readonly open = new Map<string, OpenLog>();
  readonly damaged = new Set<string>();
  readonly calls: string[] = [];
  readonly warnings: string[] = [];
  readonly saved: string[][] = [];
  readonly clock = new TestClock();
  private summed = 0;

  get ids(): string[] {
    return [...new Set([...this.resting.keys(), ...this.open.keys()])];
  }

  /** How often the folder was added up since this was last asked. */
  sums(): number {
    const before = this.summed;
    this.summed = 0;
    return before;
  }

  get ports() {
    const { disk, clock } = this;
    const freeBytes = async (path: string): Promise<number> => {
      Object.assign(disk, { asked: disk.asked + 1, path });
      if (disk.failure !== undefined) throw new Error(disk.failure);
      return disk.free;
    };
    const warn = (text: string): void => void this.warnings.push(text);
    return { files: { freeBytes }, clock, logger: { ...nullLogger, warn } };
  }

  get catalog() {
    return {
      bytes: 100,
      streamCount: this.ids.length,
      byId: (id: string) => (this.ids.includes(id) ? { id } : undefined),
      streams: () => {
        this.summed += 1;
        return this.ids.map((id) => ({ id }));
      },
    };
  }

  get streams() {
    return {
      get: (id: string) => (this.open.has(id) ? this.live(id) : undefined),
      isDamaged: (id: string) => this.damaged.has(id),
      open: async (id: string) => {
        if (!this.open.has(id)) throw new Error(`${id} does not open`);
        return this.live(id);
      },
      explain: (_: unknown, error: Error) => new Error(`explained: ${error.message}`),
    };
  }

  get sizes() {
    return {
      load: async (folders: string[]) =>
        new Map(folders.map((folder) => [folder, this.resting.get(folder.slice(8))])),
      save: async (folders: string[]) => void this.saved.push(folders),
    };
  }

  private live(id: string) {
    const held = this.open.get(id)!;
    const dropOldest = async ({ mayRoll }: { mayRoll: boolean }): Promise<number> => {
      const what = mayRoll ? 'active' : 'sealed';
      this.calls.push(`${id} ${what}`);
      if (held.failure !== undefined) throw new Error(held.failure);
      const freed = held[what] ?? 0;
      held[what] = 0;
      held.bytes -= freed;
      return freed;
    };
    return { log: { bytes: held.bytes, dropOldest } };
  }
}

/** Capacity over fakes, and the states that it told. */
function capacityOf(settings: Settings = {}) {
  const fakes = new Fakes();
  const { ports, streams, sizes, disk, resting, open, damaged, calls, warnings, saved } = fakes;
  const parts = {
    ...{ ports, streams, sizes, settings: { ...engineDefaults, ...settings } },
    get catalog() {
      return fakes.catalog;
    },
  };
  const capacity = new Capacity(parts as unknown as ConstructorParameters<typeof Capacity>[0]);
  const states: FolderUse['state'][] = [];
  capacity.changed.event(() => states.push(capacity.use.state));
  const put = async (bytes: number): Promise<void> => {
    await capacity.reserve(bytes);
    capacity.release(bytes);
  };
  const { clock } = fakes;
  const seen = { states, calls, warnings, saved, sums: () => fakes.sums() };
  return { capacity, put, clock, disk, resting, open, damaged, ...seen };
}

describe('Capacity.use', () => {
  it.each([
    [899_899, 'ok'],
    [899_900, 'near'],
    [999_900, 'near'],
    [999_901, 'full'],
  ] as const)('with %i bytes of streams in 1,000,000 is %s', (bytes, state) => {
    const { capacity, open } = capacityOf({ folderBytesMax: 1_000_000 });
    open.set('a', { bytes });
    expect(capacity.use).toEqual({ bytes: bytes + 100, bytesMax: 1_000_000, state });
  });

  it('counts streams that are not open by what was measured, until they are deleted', async () => {
    const { capacity, resting, open, saved } = capacityOf();
    resting.set('a', 500);
    resting.set('b', 70);
    expect([capacity.bytesOf('a'), capacity.use.bytes]).toEqual([0, 100]);
    await capacity.measure();
    expect([capacity.bytesOf('a'), capacity.use.bytes]).toEqual([500, 670]);
    open.set('a', { bytes: 600 });
    expect([capacity.bytesOf('a'), capacity.use.bytes]).toEqual([600, 770]);
    open.delete('a');
    expect(capacity.use.bytes).toBe(770);
    resting.delete('a');
    expect([capacity.use.bytes, capacity.bytesOf('a'), capacity.bytesOf('b')]).toEqual([
      170, 0, 70,
    ]);
    await capacity.close();
    expect(saved).toEqual([['streams/b']]);
  });
});

describe('Capacity.reserve()', () => {
  it('admits up to the limit exactly, with what is on its way', async () => {
    const { capacity, open } = capacityOf({ folderBytesMax: 1_000_000 });
    open.set('a', { bytes: 989_900 });
    expect(capacity.reserve(6000)).toBeUndefined();
    expect(capacity.reserve(4000)).toBeUndefined();
    expect((await rejection(capacity.reserve(1)!)).name).toBe('LimitExceededException');
    capacity.release(6000);
    await capacity.reserve(6000);
  });

  it('is full until what was refused would fit, and tells every change once', async () => {
    const { capacity, open, states, put } = capacityOf({ folderBytesMax: 1_000_000 });
    open.set('a', { bytes: 899_800 });
    await put(100);
    expect(states).toEqual([]);
    open.set('a', { bytes: 989_900 });
    await put(100);
    await put(100);
    expect(states).toEqual(['near']);
    await rejection(capacity.reserve(20_000)!);
    await rejection(capacity.reserve(20_000)!);
    expect(states).toEqual(['near', 'full']);
    await put(100);
    expect(states).toEqual(['near', 'full', 'near']);
    open.set('a', { bytes: 5 });
    capacity.tellState();
    capacity.tellState();
    expect(states).toEqual(['near', 'full', 'near', 'ok']);
  });

  it('tells that it is near with the byte that makes it so', async () => {
    const { capacity, open, states } = capacityOf({ folderBytesMax: 1_000_000 });
    open.set('a', { bytes: 899_800 });
    await capacity.reserve(100);
    open.set('a', { bytes: 899_900 });
    capacity.release(100);
    expect(states).toEqual(['near']);
  });

  it('lets 64 MiB be on their way at once, and the next byte wait until there is room', async () => {
    const { capacity } = capacityOf();
    expect(capacity.reserve(63 * MIB)).toBeUndefined();
    expect(capacity.reserve(MIB)).toBeUndefined();
    let isIn = false;
    const waiting = capacity.reserve(1)!.then(() => {
      isIn = true;
    });
    capacity.release(0);
    await settle();
    expect(isIn).toBe(false);
    capacity.release(1);
    await waiting;
    expect(capacity.reserve(1)).toBeInstanceOf(Promise);
  });

  it('adds the folder up once in 256 KiB far from the limit, and more often near it', async () => {
    const { capacity, open, sums, put } = capacityOf({ folderBytesMax: 100 * MIB });
    await capacity.measure();
    sums();
    for (const bytes of [128 * KIB, 128 * KIB - 1, 1]) await put(bytes);
    expect(sums()).toBe(0);
    await put(1);
    expect(sums()).toBe(1);
    open.set('a', { bytes: 89 * MIB });
    await put(256 * KIB);
    expect(sums()).toBe(0);
    await put(100 * KIB);
    expect(sums()).toBe(1);
    // Once for room, and once since the folder is near its limit then.
    await put(MIB);
    expect(sums()).toBe(2);
  });

  it('asks the disk after 8 MiB or five seconds, and not before', async () => {
    const { capacity, clock, disk, put } = capacityOf();
    await capacity.measure();
    expect(disk.path).toBe('catalog');
    await put(8 * MIB - 2);
    await put(1);
    await clock.advance(4999);
    await put(0);
    expect(disk.asked).toBe(1);
    await put(1);
    expect(disk.asked).toBe(2);
    await clock.advance(4999);
    await put(1);
    expect(disk.asked).toBe(2);
    await clock.advance(1);
    await put(1);
    expect(disk.asked).toBe(3);
    await put(8 * MIB - 2);
    expect(disk.asked).toBe(3);
  });

  it('needs 64 MiB of free disk; below it asks for each put', async () => {
    const { capacity, disk, states } = capacityOf();
    disk.free = 64 * MIB;
    await capacity.measure();
    expect([capacity.use.state, capacity.reserve(1)]).toEqual(['ok', undefined]);
    disk.free = 64 * MIB - 1;
    await capacity.measure();
    expect(states).toEqual(['disk']);
    const asked = disk.asked;
    const error = await rejection(capacity.reserve(1)!);
    expect(error).toMatchObject({
      name: 'LimitExceededException',
      message:
        'The disk of the local data folder has less than 64 MiB free. ' +
        'Free some space, or empty or delete a stream.',
    });
    await rejection(capacity.reserve(1)!);
    expect(disk.asked).toBe(asked + 2);
    disk.free = 64 * MIB;
    await capacity.reserve(1);
    expect(states).toEqual(['disk', 'ok']);
    expect(capacity.reserve(1)).toBeUndefined();
  });

  it('goes on when the disk does not tell what is free', async () => {
    const { capacity, disk, warnings } = capacityOf();
    disk.failure = 'no answer';
    expect(capacity.reserve(1)).toBeUndefined();
    await settle();
    expect(warnings).toEqual(['asking for free space: no answer']);
    expect(capacity.use.state).toBe('ok');
  });
});

describe('Capacity with whenFull: dropOldest', () => {
  const full = () => capacityOf({ folderBytesMax: 10_000, whenFull: 'dropOldest' });

  it('takes of the largest stream that has something sealed', async () => {
    const { capacity, open, calls } = full();
    open.set('small', { bytes: 2000, sealed: 1000 });
    open.set('large', { bytes: 5000, active: 5000 });
    open.set('middle', { bytes: 2800, sealed: 900 });
    open.set('empty', { bytes: 0, sealed: 1 });
    await capacity.reserve(200);
    expect(calls).toEqual(['large sealed', 'middle sealed']);
    calls.length = 0;
    await capacity.reserve(1500);
    // What is on its way counts: 9,000 bytes, 200 and 1,500 do not go into 10,000.
    expect(calls).toEqual(['large sealed', 'small sealed']);
  });

  it('takes what is being written to when nothing is sealed, and no more than is needed', async () => {
    const { capacity, open, calls } = full();
    open.set('a', { bytes: 4000, active: 4000 });
    open.set('b', { bytes: 5800, active: 5000 });
    await capacity.reserve(200);
    expect(calls).toEqual(['b sealed', 'a sealed', 'b active']);
  });

  it('passes over what is damaged or fails, and refuses when nobody gives', async () => {
    const { capacity, open, resting, damaged, calls, warnings } = full();
    open.set('damaged', { bytes: 6000, sealed: 6000 });
    damaged.add('damaged');
    open.set('failing', { bytes: 2000, failure: 'broken' });
    resting.set('closed', 1500);
    await capacity.measure();
    open.set('good', { bytes: 400, sealed: 300 });
    await capacity.reserve(200);
    expect(calls).toEqual(['failing sealed', 'good sealed']);
    expect(warnings).toEqual([
      'removing the oldest records of stream failing: explained: broken',
      'removing the oldest records of stream closed: closed does not open',
    ]);
    const error = await rejection(capacity.reserve(400)!);
    expect(error.message).toMatch(/^The local data folder is full: it holds 0 MiB of the 0 MiB/);
    expect(capacity.use.state).toBe('full');
  });

  it('removes once for puts that come together', async () => {
    const { capacity, open, calls } = full();
    open.set('a', { bytes: 9900, sealed: 5000 });
    await Promise.all([capacity.reserve(100), capacity.reserve(200), capacity.reserve(300)]);
    expect(calls).toEqual(['a sealed']);
  });

  it('asks no stream that holds nothing', async () => {
    const { capacity, open, calls } = full();
    open.set('empty', { bytes: 0, sealed: 1, active: 1 });
    open.set('a', { bytes: 9900 });
    await rejection(capacity.reserve(100)!);
    expect(calls).toEqual(['a sealed', 'a active']);
  });

  it('removes nothing by default, and asks the disk no more for it', async () => {
    const { capacity, open, calls, disk } = capacityOf({ folderBytesMax: 10_000 });
    open.set('a', { bytes: 9900, sealed: 5000 });
    await rejection(capacity.reserve(100)!);
    expect([calls, disk.asked]).toEqual([[], 0]);
  });
});

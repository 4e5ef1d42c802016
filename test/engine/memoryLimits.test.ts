// What an engine keeps in memory and open at once, whatever it stores: each limit by its count.
import { describe, expect, it } from 'vitest';
import type { EngineParts } from '../../src/engine/engineParts.ts';
import { IndexCache, PartRuns, RecentPool } from '../../src/engine/log/memory.ts';
import { ReadHandles } from '../../src/engine/log/readHandles.ts';
import { LaneIndex, RunList } from '../../src/engine/log/runIndex.ts';
import { Segment } from '../../src/engine/log/segment.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { open } from './log/support.ts';
import { TestEngine } from './support/testEngine.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

const header = { epoch: 1, salt: 0, lastKey: -1, lastTimeMs: 0, createdMs: 0, mayHaveGaps: false };

describe('limits of memory', () => {
  it('the newest records take 8 MiB a stream and 64 MiB over all', async () => {
    const recentPool = new RecentPool();
    const fill = async (folder: string): Promise<void> => {
      const { log } = await open({ folder, recentPool });
      for (let key = 0; key < 40; key++) {
        await log.append({ lane: 0, key, timeMs: key, bytes: new Uint8Array(250 * KIB) });
      }
    };
    await fill('a');
    expect(recentPool.bytes).toBeGreaterThan(7.5 * MIB);
    expect(recentPool.bytes).toBeLessThanOrEqual(8 * MIB);
    for (let log = 0; log < 9; log++) await fill(`b${log}`);
    expect(recentPool.bytes).toBeGreaterThan(60 * MIB);
    expect(recentPool.bytes).toBeLessThanOrEqual(64 * MIB);
  });

  it('indexes of sealed segments take 16 MiB', () => {
    const cache = new IndexCache();
    const span = { firstKey: 0, lastKey: 0, firstTimeMs: 0, lastTimeMs: 0 };
    const lanes = Array.from({ length: 40 }, () => new LaneIndex(span));
    for (const lane of lanes) {
      lane.runs = new RunList(new Float64Array(MIB / 8), 0);
      cache.add(lane);
    }
    expect(cache.bytes).toBeGreaterThan(14 * MIB);
    expect(cache.bytes).toBeLessThanOrEqual(16 * MIB);
    expect(lanes.filter(({ runs }) => runs)).toHaveLength(15);
  });

  it('runs that pages ended in take 4 MiB', () => {
    const runs = new PartRuns();
    const segment = new Segment('a', { ...header, firstOrdinal: 0 });
    for (let at = 0; at < 40; at++) {
      runs.keep(segment, { run: new Uint8Array(250 * KIB), position: at });
    }
    expect(runs.bytes).toBeGreaterThan(3.5 * MIB);
    expect(runs.bytes).toBeLessThanOrEqual(4 * MIB);
    expect([runs.get(segment, 0), runs.get(segment, 39)?.length]).toEqual([undefined, 250 * KIB]);
  });
});

describe('limits of open files', () => {
  it('64 files are open for reading at once; further readers wait', async () => {
    const files = new MemoryFiles();
    const handles = new ReadHandles(files);
    let most = 0;
    const names = Array.from({ length: 200 }, (_, index) => `f${index}`);
    for (const name of names) await files.replace(name, new Uint8Array(1));
    const reading = names.map((name) =>
      handles.use(name, async (file) => {
        most = Math.max(most, files.openCount);
        return file.read(new Uint8Array(1), 0);
      }),
    );
    expect(await Promise.all(reading)).toEqual(names.map(() => 1));
    expect([most, handles.openCount]).toEqual([64, 64]);
  });

  it('400 streams that are written and read keep 64 files open for each, and the catalog', async () => {
    const test = await TestEngine.open({ shardQuota: 2000 });
    const names = Array.from({ length: 400 }, (_, index) => `s${index}`);
    for (const StreamName of names) {
      await test.engine.createStream({ StreamName, ShardCount: 1 });
    }
    await test.settle();
    await test.reopen();
    for (const name of names) await test.put(name, 'k', name);
    expect(test.files.openCount).toBeGreaterThan(60);
    expect(test.files.openCount).toBeLessThanOrEqual(64 + 2);
    await test.reopen();
    for (const name of names) {
      expect((await test.read(name, '0')).records.map(({ data }) => data)).toEqual([name]);
    }
    expect(test.files.openCount).toBeLessThanOrEqual(2 * 64 + 2);
    await test.engine.close();
    expect(test.files.openCount).toBe(0);
  });
});

describe('streams that were made and deleted', () => {
  it('leave nothing behind in memory', async () => {
    const test = await TestEngine.open();
    const { streams, capacity } = (test.engine as unknown as { parts: EngineParts }).parts;
    // What they remember is nobody's business but this test's.
    const { retired } = streams as unknown as { retired: ReadonlySet<string> };
    const { restingBytes } = capacity as unknown as { restingBytes: ReadonlyMap<string, number> };
    for (let round = 0; round < 50; round++) {
      await test.stream('s');
      await test.put('s', 'k', 'data');
      expect(test.engine.folderUse().bytes).toBeGreaterThan(0);
      await test.engine.deleteStream({ StreamName: 's' });
      await test.settle();
    }
    expect(test.engine.streamCount()).toBe(0);
    expect(test.engine.folderUse().state).toBe('ok');
    expect([retired.size, restingBytes.size]).toEqual([0, 0]);
  });
});

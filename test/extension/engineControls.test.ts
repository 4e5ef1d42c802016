// Each control of the window against the engine's own routes: it must reach its namesake with what it was given.
import { expect, test } from 'vitest';
import type { AdminApi } from '../../src/admin/adminApi.ts';
import { controlsOf } from '../../src/extension/engine/engineControls.ts';
import { controlRoutes } from '../../src/server/adminControls.ts';
import { fakeControls } from '../server/support/fakeControls.ts';

function bench() {
  const done: unknown[] = [];
  const waits = new Map<string, number | undefined>();
  const api = fakeControls((name, given) => void done.push([name, ...given])) as AdminApi;
  const controls = controlsOf(async <T>({ route, body, timeoutMs }: Parameters<Ask>[0]) => {
    waits.set(route, timeoutMs);
    const sent = JSON.parse(JSON.stringify(body ?? {})) as object;
    const answer = (await controlRoutes[route]!(api, sent)) ?? {};
    return JSON.parse(JSON.stringify(answer)) as T;
  });
  return { controls, done, waits };
}

type Ask = Parameters<typeof controlsOf>[0];

const shard = {
  ShardId: 'shardId-000000000003',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
  SequenceNumberRange: { StartingSequenceNumber: '49' },
};

test('controls reach the engine by the routes it has, with what they were given', async () => {
  const { controls, done } = bench();
  const throttle = { effect: 'throttle', operation: 'PutRecord', stream: undefined } as const;
  const spec = { stream: 'orders', shards: [shard], retentionHours: 48 };
  await controls.clock();
  await controls.stopClock();
  await controls.startClock();
  await controls.stepClock(300_000);
  await controls.setClockRate(60);
  await controls.addFault(throttle);
  await controls.removeFault(3);
  await controls.clearFaults();
  await controls.takeSnapshot('a');
  await controls.restoreSnapshot('b');
  await controls.deleteSnapshot('c');
  await controls.importShards(spec);
  await controls.journal({ limit: 7 });
  await controls.counters({ seconds: 60 });
  await controls.certificate();
  expect(done).toEqual([
    ['clock'],
    ['stopClock'],
    ['startClock'],
    ['stepClock', 300_000],
    ['setClockRate', 60],
    ['addFault', { effect: 'throttle', operation: 'PutRecord' }],
    ['removeFault', 3],
    ['clearFaults'],
    ['takeSnapshot', 'a'],
    ['restoreSnapshot', 'b'],
    ['deleteSnapshot', 'c'],
    ['importShards', spec],
    ['journal', { limit: 7 }],
    ['counters', { seconds: 60 }],
    ['certificate'],
  ]);
});

test('lists are what the engine lists', async () => {
  const { controls } = bench();
  expect(await controls.faults()).toMatchObject([{ id: 1, effect: 'throttle' }]);
  expect(await controls.snapshots()).toMatchObject([{ name: 'a' }]);
});

test('what may take long has no limit of time, what is asked again and again has', async () => {
  const { controls, waits } = bench();
  await controls.stepClock(1);
  await controls.takeSnapshot('a');
  await controls.restoreSnapshot('a');
  await controls.counters({});
  await controls.journal({});
  expect(Object.fromEntries(waits)).toEqual({
    'step-clock': 0,
    'take-snapshot': 0,
    'restore-snapshot': 0,
    counters: undefined,
    journal: undefined,
  });
});

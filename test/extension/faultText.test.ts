// Rules for faults in words.
import { expect, test } from 'vitest';
import { type FaultRule, faultEffects } from '../../src/admin/faults.ts';
import {
  effectTexts,
  faultDescription,
  faultLabel,
} from '../../src/extension/commands/faultText.ts';

const rule = (over: Partial<FaultRule>): FaultRule => ({
  id: 1,
  effect: 'throttle',
  probability: 1,
  seed: 0,
  hits: 0,
  ...over,
});

test('every effect is named and explained', () => {
  expect(Object.keys(effectTexts)).toEqual([...faultEffects]);
  expect(new Set(Object.values(effectTexts).map(({ label }) => label)).size).toBe(
    faultEffects.length,
  );
});

test.each([
  [{}, 'Throttle: every operation'],
  [{ operation: 'PutRecord', stream: 'orders' } as const, 'Throttle: PutRecord of orders'],
  [{ effect: 'latency', latencyMs: 500 } as const, 'Latency of 500 ms: every operation'],
  [
    { effect: 'kms', exception: 'KMSDisabledException', stream: 'orders' } as const,
    'KMS error KMSDisabledException: every operation of orders',
  ],
  [
    { stream: 'orders', shard: 'shardId-000000000001' },
    'Throttle: every operation of orders, shardId-000000000001',
  ],
])('faultLabel() of %o', (over, expected) => {
  expect(faultLabel(rule(over))).toBe(expected);
});

test.each([
  [{}, 'every call; 0 calls hit so far'],
  [{ count: 1 }, '1 call at most; 0 calls hit so far'],
  [{ probability: 0.25, hits: 1 }, '25 % of the calls; 1 call hit so far'],
  [{ count: 10, probability: 0.001 }, '10 calls at most, 0.1 % of them; 0 calls hit so far'],
])('faultDescription() of %o', (over, expected) => {
  expect(faultDescription(rule(over))).toBe(expected);
});

// Random puts, reshardings, expiry, restarts, kills and reads by every iterator type, with limits on and off,
// against a model of a stream: nothing is lost, nothing comes twice, every reader sees what it should.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ModelRun, type Step } from './support/modelRun.ts';
import { TestEngine } from './support/testEngine.ts';

const STEPS = 200;
/** `PROPERTY_RUNS=1000 npm run test:property` is the long run. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 50);

const put: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('put'),
  key: fc.integer({ min: 0, max: 7 }),
  count: fc.integer({ min: 1, max: 9 }),
  size: fc.constant('small'),
});
const burst: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('put'),
  key: fc.integer({ min: 0, max: 7 }),
  count: fc.integer({ min: 2, max: 4 }),
  size: fc.constant('large'),
});
const reshard: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('split', 'merge'),
  pick: fc.nat(50),
  at: fc.integer({ min: 1, max: 99 }),
});
const scale: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('scale'),
  target: fc.integer({ min: 1, max: 8 }),
});
const pass: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('pass'),
  ms: fc.oneof(fc.nat(60), fc.constant(1100)),
});
const expire: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('expire'),
  hours: fc.constantFrom(0.05, 1, 7, 25),
  sweeps: fc.boolean(),
});
const restart: fc.Arbitrary<Step> = fc.record({ do: fc.constant('restart'), kill: fc.boolean() });
const read: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('read'),
  pick: fc.nat(50),
  start: fc.constantFrom(
    'TRIM_HORIZON',
    'LATEST',
    'AT_SEQUENCE_NUMBER',
    'AFTER_SEQUENCE_NUMBER',
    'AT_TIMESTAMP',
  ),
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  limit: fc.constantFrom(1, 3, 10, 1000),
  keep: fc.boolean(),
});
const readKept: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('readKept'),
  pick: fc.nat(7),
  limit: fc.constantFrom(1, 3, 1000),
});

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 60, arbitrary: put },
  { weight: 1, arbitrary: burst },
  { weight: 30, arbitrary: reshard },
  { weight: 10, arbitrary: scale },
  { weight: 40, arbitrary: pass },
  { weight: 5, arbitrary: expire },
  { weight: 8, arbitrary: restart },
  { weight: 30, arbitrary: read },
  { weight: 15, arbitrary: readKept },
);

interface Settings {
  readonly limits: 'aws' | 'warn' | 'off';
  readonly segmentBytesMax: number;
  readonly shards: number;
}

const settings: fc.Arbitrary<Settings> = fc.record({
  limits: fc.constantFrom('aws', 'warn', 'off'),
  segmentBytesMax: fc.constantFrom(500, 5000, 2 ** 20),
  shards: fc.integer({ min: 1, max: 3 }),
});

/** What went wrong, if anything. */
async function failureOf(
  { limits, segmentBytesMax, shards }: Settings,
  steps: readonly Step[],
): Promise<unknown> {
  const test = await TestEngine.open({ limits, segmentBytesMax });
  await test.stream('orders', shards);
  const run = new ModelRun(test, limits);
  try {
    for (const step of steps) await run.step(step);
    await run.check();
    await test.engine.close();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Leaves out steps, half of them, a quarter of them, …, as long as it still goes wrong. */
async function shortest(chosen: Settings, steps: readonly Step[]): Promise<readonly Step[]> {
  let left = steps;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      if ((await failureOf(chosen, fewer)) === undefined) at += size;
      else left = fewer;
    }
  }
  return left;
}

it(`the engine is as a model of a stream says, ${RUNS} runs of ${STEPS} steps`, async () => {
  const steps = fc.array(anyStep, { minLength: STEPS, maxLength: STEPS, size: 'max' });
  let stepCount = 0;
  await fc.assert(
    fc.asyncProperty(fc.noShrink(settings), fc.noShrink(steps), async (chosen, all) => {
      stepCount += all.length;
      if ((await failureOf(chosen, all)) === undefined) return;
      const few = await shortest(chosen, all);
      expect(await failureOf(chosen, few), JSON.stringify({ chosen, few })).toBe(undefined);
    }),
    { numRuns: RUNS, asyncReporter: tellFailure },
  );
  expect(stepCount).toBe(RUNS * STEPS);
}, 3_600_000);

/** The shortest steps are in the error; two hundred of them would hide it. */
async function tellFailure(details: fc.RunDetails<[Settings, Step[]]>): Promise<void> {
  if (details.failed) throw new Error(`seed ${details.seed}`, { cause: details.errorInstance });
}

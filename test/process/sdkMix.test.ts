// One AWS client makes ten thousand calls of every operation, fifty at a time, on each HTTP version.
import { expect, test } from 'vitest';
import { operations } from '../../src/kinesis/operations.ts';
import { addressOf, clientOf, shardscope, temporaryFolder } from './support/engineProcess.ts';
import { runMix } from './support/sdkMix.ts';

const callsMin = 10_000;

test.each(['http2', 'http1'] as const)(
  'one client over %s: every answer is as the model says',
  async (version) => {
    const engine = shardscope([
      'serve',
      '--data',
      temporaryFolder(),
      '--port',
      '0',
      '--limits',
      'off',
    ]);
    const client = clientOf(await addressOf(engine), version);
    const seed = version === 'http2' ? 2 : 1;
    const report = await runMix(client, { callsMin, inFlight: 50, seed });
    expect(report.complaints.slice(0, 20)).toEqual([]);
    expect(report.callCount).toBeGreaterThanOrEqual(callsMin);
    expect(Object.keys(report.counts).sort()).toEqual(Object.keys(operations).sort());
    expect(report.recordCount).toBeGreaterThan(callsMin);
    engine.child.kill();
    expect(await engine.exit).toBe(0);
    expect(engine.stderr()).not.toMatch(/ (warn|error) /);
  },
);

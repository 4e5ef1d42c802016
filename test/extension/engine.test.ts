// What the window makes of lock files, versions, settings and deaths of the engine.
import { describe, expect, test } from 'vitest';
import type { EngineStatus } from '../../src/admin/adminApi.ts';
import { adminProtocol } from '../../src/admin/adminApi.ts';
import { parseLock } from '../../src/extension/engine/engineLock.ts';
import {
  type EngineOptions,
  engineArguments,
  engineEnvironment,
} from '../../src/extension/engine/engineOptions.ts';
import { decideOnEngine, isOlder } from '../../src/extension/engine/versionPolicy.ts';
import { RestartBudget } from '../../src/extension/restartBudget.ts';

describe('parseLock()', () => {
  const lock = { nonce: 'n', endpoint: 'http://127.0.0.1:4567', pid: 7, version: '0.1.0' };

  test('reads what an engine wrote', () => {
    expect(parseLock(JSON.stringify({ ...lock, heartbeat: 3 }))).toEqual(lock);
  });

  test.each([
    ['half of a file', '{"nonce": "n", "endp'],
    ['no object', 'null'],
    ['no nonce', JSON.stringify({ ...lock, nonce: '' })],
    ['no endpoint yet', JSON.stringify({ ...lock, endpoint: undefined })],
    ['another machine', JSON.stringify({ ...lock, endpoint: 'http://example.com:4567' })],
    ['another path', JSON.stringify({ ...lock, endpoint: 'http://127.0.0.1:4567/x' })],
  ])('does not take %s', (_, text) => {
    expect(parseLock(text)).toBeUndefined();
  });
});

describe('decideOnEngine()', () => {
  const status = (over: Partial<EngineStatus>): EngineStatus =>
    ({
      version: '0.2.0',
      protocol: adminProtocol,
      windowCount: 0,
      endpoint: 'http://127.0.0.1:4567',
      ...over,
    }) as EngineStatus;

  test.each([
    ['the same version', {}, 'use'],
    ['an older idle one', { version: '0.1.9' }, 'replace'],
    ['an older busy one of the same protocol', { version: '0.1.9', windowCount: 1 }, 'use'],
    [
      'an older busy one of another protocol',
      { version: '0.1.9', windowCount: 1, protocol: 0 },
      'refuse',
    ],
    ['a newer one of the same protocol', { version: '0.3.0' }, 'use'],
    ['a newer one of another protocol', { version: '0.3.0', protocol: 9 }, 'refuse'],
  ])('%s: %o -> %s', (_, over, expected) => {
    expect(decideOnEngine(status(over), '0.2.0').type).toBe(expected);
  });

  test('says who is in the way and what to do', () => {
    const decision = decideOnEngine(
      status({ version: '0.1.0', windowCount: 2, protocol: 0 }),
      '0.2.0',
    );
    expect(decision).toMatchObject({
      reason: expect.stringMatching(/0\.1\.0 .* 2 other window.*Reload/),
    });
  });
});

test('isOlder() compares numbers, not text', () => {
  expect([
    isOlder('0.9.0', '0.10.0'),
    isOlder('1.0.0', '0.10.0'),
    isOlder('1.0.0', '1.0.0'),
  ]).toEqual([true, false, false]);
});

test('engineArguments() hands every setting on', () => {
  const options: EngineOptions = {
    folder: '/data folder',
    port: 4567,
    durability: 'synced',
    limits: 'off',
    sizeLimit: '4 GiB',
    whenFull: 'dropOldest',
    stateDelays: 'realistic',
    scalingPolicy: 'uniform',
    namespaces: 'separate',
    auth: 'verify',
    keysFile: '/keys file',
    idleExitSeconds: 300,
  };
  expect(engineArguments(options).join('|')).toBe(
    'serve|--owned|--data|/data folder|--port|4567|--idle-exit|300|--limits|off|' +
      '--durability|synced|--size-limit|4GiB|--when-full|dropOldest|' +
      '--state-delays|realistic|--scaling-policy|uniform|--namespaces|separate|--auth|verify|--keys|/keys file',
  );
});

test('engineEnvironment() keeps the editor out of the engine', () => {
  const env = {
    PATH: '/bin',
    NODE_OPTIONS: 'x',
    VSCODE_PID: '1',
    ELECTRON_X: '1',
    SHARDSCOPE_OWNER_PID: '5',
  };
  expect(engineEnvironment(env)).toEqual({
    PATH: '/bin',
    SHARDSCOPE_OWNER_PID: '5',
    ELECTRON_RUN_AS_NODE: '1',
    ELECTRON_NO_ASAR: '1',
  });
});

describe('RestartBudget', () => {
  test('allows so many in a minute, ever slower', () => {
    const budget = new RestartBudget(3);
    expect([0, 1, 2, 3].map((ms) => budget.take(ms))).toEqual([0, 250, 500, undefined]);
  });

  test('allows again a minute later', () => {
    const budget = new RestartBudget(1);
    expect([budget.take(0), budget.take(59_999), budget.take(60_000)]).toEqual([0, undefined, 0]);
  });

  test('is slow only after deaths soon after a start, and never waits longer than 2 s', () => {
    const budget = new RestartBudget(30);
    const delays = [0, 10, 10, 10, 10, 10, 1000, 10].map((lifeMs, index) => {
      budget.started(index * 3000);
      return budget.take(index * 3000 + lifeMs);
    });
    expect(delays).toEqual([0, 250, 500, 1000, 2000, 2000, 0, 250]);
  });
});

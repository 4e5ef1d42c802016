// The controls' command line: which request each form is, and the sentence for what is none.
import { describe, expect, test } from 'vitest';
import { durationMs, OrderMistake } from '../../src/cli/controlOrder.ts';
import { parseCommand } from '../../src/cli/options.ts';

const parse = (line: string) => parseCommand(line.split(' '));

describe('a control', () => {
  test.each([
    ['status', 'status', {}],
    ['clock', 'clock', {}],
    ['clock stop', 'stop-clock', {}],
    ['clock start', 'start-clock', {}],
    ['clock step 5m', 'step-clock', { ms: 300_000 }],
    ['clock speed 0.5', 'set-clock-rate', { rate: 0.5 }],
    ['faults', 'faults', {}],
    ['faults add kms', 'add-fault', { effect: 'kms' }],
    [
      'faults add latency latencyMs=40 stream=1 probability=0.5',
      'add-fault',
      { effect: 'latency', latencyMs: 40, stream: '1', probability: 0.5 },
    ],
    ['faults remove 3', 'remove-fault', { id: 3 }],
    ['faults clear', 'clear-faults', {}],
    ['snapshot', 'snapshots', {}],
    ['snapshot take a', 'take-snapshot', { name: 'a' }],
    ['snapshot restore a', 'restore-snapshot', { name: 'a' }],
    ['snapshot delete a', 'delete-snapshot', { name: 'a' }],
    ['journal', 'journal', {}],
    ['counters', 'counters', {}],
    ['counters orders', 'counters', { stream: 'orders' }],
    ['empty orders', 'empty-stream', { stream: 'orders' }],
    ['reset', 'reset', {}],
    ['stop', 'stop', {}],
  ])('"%s" asks for %s', (line, route, body) => {
    expect(parse(`${line} --data /d`)).toEqual({
      type: 'control',
      options: { data: '/d', order: { route, body } },
    });
  });

  test('some need more than a request', () => {
    expect(parse('snapshot branch a ../b')).toMatchObject({
      options: {
        data: undefined,
        order: { route: 'branch-snapshot', body: { name: 'a' }, folder: '../b' },
      },
    });
    expect(parse('import kinesis-local a.json retentionHours=48 expired=skip')).toMatchObject({
      options: {
        order: { kinesisLocal: { file: 'a.json', retentionHours: 48, skipExpired: true } },
      },
    });
    expect(parse('import orders shards.json retentionHours=48 mode=ON_DEMAND')).toMatchObject({
      options: {
        order: {
          route: 'import-shards',
          body: { stream: 'orders', retentionHours: 48, mode: 'ON_DEMAND' },
          shardsFile: 'shards.json',
        },
      },
    });
    expect(parse('journal follow')).toMatchObject({
      options: { order: { route: 'journal', follows: true } },
    });
  });

  test.each([
    ['clocks', 'there is no command "clocks", only serve, status, stop'],
    ['toString', 'there is no command "toString"'],
    ['status now', '"now" is one argument too many'],
    ['clock back', '"shardscope clock stop" or "shardscope clock start"'],
    ['clock step', 'shardscope clock step DURATION'],
    ['clock step 5', '"5" is no duration'],
    ['clock step 5m extra', 'shardscope clock step DURATION'],
    ['clock speed fast', '"fast" is no number'],
    ['faults add', 'shardscope faults add EFFECT'],
    ['faults add throttle PutRecord', '"PutRecord" is not NAME=VALUE'],
    ['faults add throttle count=two', '"two" is no number'],
    ['faults remove x', '"x" is no number'],
    ['snapshot take', 'shardscope snapshot take NAME'],
    ['snapshot branch a', 'shardscope snapshot branch NAME FOLDER'],
    ['snapshot make a', 'shardscope snapshot take NAME'],
    ['import orders', 'shardscope import STREAM FILE'],
    ['import', 'shardscope import kinesis-local FILE [retentionHours=NUMBER] [expired=skip]'],
    ['import kinesis-local', 'it is "shardscope import kinesis-local FILE'],
    ['import kinesis-local a expired=keep', 'it is "shardscope import kinesis-local FILE'],
    ['import kinesis-local a mode=ON_DEMAND', 'it is "shardscope import kinesis-local FILE'],
    ['import kinesis-local a b', '"b" is not NAME=VALUE'],
    ['import kinesis-local a retentionHours=x', '"x" is no number'],
    ['journal all', 'shardscope journal follow'],
    ['counters a b', 'shardscope counters STREAM'],
    ['empty', 'shardscope empty STREAM'],
    ['clock --port 1', '--port is an option of "serve"'],
    ['clock --data=', '--data needs a folder'],
  ])('"%s" is a mistake: %s', (line, sentence) => {
    expect(parse(line)).toMatchObject({
      type: 'mistake',
      message: expect.stringContaining(sentence),
    });
  });
});

describe('durationMs()', () => {
  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    ['25h', 90_000_000],
  ])('%s is %d', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  test.each(['', '5', 'm', '0s', '-5m', '5 m', '5m!', '5x', '1e3s'])('"%s" is none', (text) => {
    expect(() => durationMs(text)).toThrow(OrderMistake);
  });
});

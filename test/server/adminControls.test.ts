// The routes of the engine's own controls: what each takes, and the sentence for what it does not.
import { describe, expect, test } from 'vitest';
import type { AdminApi } from '../../src/admin/adminApi.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { controlRoutes } from '../../src/server/adminControls.ts';
import { fakeControls } from './support/fakeControls.ts';
import { sendHttp1 } from './support/rawHttp.ts';
import { nonce, testServer } from './support/testServer.ts';

async function controlServer() {
  const done: unknown[] = [];
  const api = fakeControls((name, given) => void done.push([name, ...given])) as AdminApi;
  const { server } = await testServer({ admin: { api, onDidChange: new Emitter<never>().event } });
  const post = (route: string, body: unknown) =>
    sendHttp1(server.endpoint, {
      path: `/_shardscope/${route}`,
      headers: { 'x-shardscope-nonce': nonce },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { post, done };
}

const shard = {
  ShardId: 'shardId-000000000003',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
  SequenceNumberRange: { StartingSequenceNumber: '49' },
};

const throttle = { effect: 'throttle', operation: 'PutRecord', stream: 'orders', count: 2 };

const imported = {
  stream: 'orders',
  account: '111122223333',
  region: 'eu-west-1',
  createdMs: 5,
  shards: [shard],
  consumers: [{ name: 'c', createdSeconds: 7, tags: { a: 'b' } }],
  maxRecordSizeInKiB: 2048,
};
const record = { shard: 0, index: 1, timeMs: 5, partitionKey: 'k', data: 'eA==' };
const batch = { id: 'a', stream: 0, records: [record] };

const taken: [route: string, body: object, call?: unknown[]][] = [
  ['clock', {}, ['clock']],
  ['stop-clock', {}, ['stopClock']],
  ['start-clock', {}, ['startClock']],
  ['step-clock', { ms: 300_000 }, ['stepClock', 300_000]],
  ['set-clock-rate', { rate: 0.5 }, ['setClockRate', 0.5]],
  ['faults', {}, ['faults']],
  ['add-fault', throttle, ['addFault', throttle]],
  ['add-fault', { effect: 'latency', latencyMs: 5, probability: 0.25, seed: 7 }],
  ['add-fault', { effect: 'kms', exception: 'KMSThrottlingException' }],
  ['add-fault', { effect: 'expiredIterator', shard: 'shardId-000000000000' }],
  ['remove-fault', { id: 3 }, ['removeFault', 3]],
  ['clear-faults', {}, ['clearFaults']],
  ['snapshots', {}, ['snapshots']],
  ['take-snapshot', { name: 'before-test.1' }, ['takeSnapshot', 'before-test.1']],
  ['restore-snapshot', { name: 'a' }, ['restoreSnapshot', 'a']],
  ['delete-snapshot', { name: 'a' }, ['deleteSnapshot', 'a']],
  ['branch-snapshot', { name: 'a', folder: '/b' }, ['branchSnapshot', { name: 'a', folder: '/b' }]],
  [
    'import-shards',
    { stream: 'orders', shards: [shard] },
    ['importShards', { stream: 'orders', shards: [shard] }],
  ],
  [
    'begin-import',
    { streams: [imported], skipExpired: true },
    ['beginImport', { streams: [imported], skipExpired: true }],
  ],
  [
    'add-records',
    batch,
    ['addRecords', { ...batch, records: [{ ...record, data: Buffer.from('x') }] }],
  ],
  ['finish-import', { id: 'a' }, ['finishImport', 'a']],
  ['cancel-import', { id: 'a' }, ['cancelImport', 'a']],
  ['journal', {}, ['journal', {}]],
  ['counters', {}, ['counters', {}]],
  ['certificate', {}, ['certificate']],
  [
    'counters',
    { stream: 'orders', seconds: 300 },
    ['counters', { stream: 'orders', seconds: 300 }],
  ],
  ['journal', { after: 7, limit: 1000 }, ['journal', { after: 7, limit: 1000 }]],
];

describe('control routes', () => {
  test.each(taken)('%s with %o', async (route, body, expected) => {
    const { post, done } = await controlServer();
    const answer = await post(route, body);
    expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(/^\{.*\}$/)]);
    expect(done).toEqual([expected ?? ['addFault', body]]);
  });

  test.each([
    ['clock', { ms: 1 }, 'unknown member "ms"'],
    ['clock', '[]', 'no JSON object'],
    ['clock', 'null', 'no JSON object'],
    ['clock', '{', 'no JSON object'],
    ['step-clock', {}, 'needs "ms"'],
    ['step-clock', { ms: 0 }, '"ms" must be a whole number from 1 to 34560000000'],
    ['step-clock', { ms: 1.5 }, '"ms" must be a whole number'],
    ['step-clock', { ms: '5m' }, '"ms" must be a whole number'],
    ['step-clock', { ms: 34_560_000_001 }, '"ms" must be a whole number'],
    ['set-clock-rate', { rate: 0 }, '"rate" must be above 0; stop-clock stops it'],
    ['set-clock-rate', { rate: -1 }, '"rate" must be a number from 0 to 3600'],
    ['set-clock-rate', { rate: 3601 }, '"rate" must be a number from 0 to 3600'],
    ['set-clock-rate', '{"rate": 1e999}', '"rate" must be a number from 0 to 3600'],
    ['add-fault', {}, 'needs "effect"'],
    ['add-fault', { effect: 'explode' }, '"effect" must be one of throttle'],
    ['add-fault', { ...throttle, operation: 'PutRecordz' }, '"operation" must be one of'],
    ['add-fault', { ...throttle, operation: 'toString' }, '"operation" must be one of'],
    ['add-fault', { ...throttle, streamName: 'a' }, 'unknown member "streamName"'],
    ['add-fault', { ...throttle, probability: 0 }, '"probability" must be above 0'],
    ['add-fault', { ...throttle, probability: 1.1 }, '"probability" must be a number from 0 to 1'],
    ['add-fault', { ...throttle, count: 0 }, '"count" must be a whole number from 1'],
    ['add-fault', { ...throttle, seed: -1 }, '"seed" must be a whole number from 0'],
    ['add-fault', { ...throttle, shard: '0' }, '"shard" must be a shard id'],
    ['add-fault', { ...throttle, latencyMs: 5 }, '"latencyMs" belongs to the effect latency'],
    ['add-fault', { effect: 'latency' }, 'needs "latencyMs"'],
    ['add-fault', { effect: 'latency', latencyMs: 300_001 }, '"latencyMs" must be a whole number'],
    ['add-fault', { ...throttle, exception: 'KMSOptInRequired' }, 'belongs to the effect kms'],
    ['add-fault', { effect: 'kms', exception: 'KMS' }, '"exception" must be one of KMSAccess'],
    ['add-fault', { effect: 'expiredIterator', operation: 'PutRecord' }, 'for GetRecords only'],
    [
      'add-fault',
      { effect: 'duplicate', operation: 'GetRecords' },
      'for PutRecord, PutRecords only',
    ],
    ['remove-fault', { id: 'x' }, '"id" must be a whole number'],
    ['take-snapshot', {}, 'needs "name"'],
    ['take-snapshot', { name: '../x' }, '"name" must be 1 to 64 of the characters'],
    ['take-snapshot', { name: 'a'.repeat(65) }, '"name" must be 1 to 64'],
    ['branch-snapshot', { name: 'a' }, 'needs "folder"'],
    ['import-shards', { stream: 'a/b', shards: [shard] }, '"stream" is not as Kinesis writes it'],
    ['import-shards', { stream: 'a', shards: [] }, 'needs "shards"'],
    ['import-shards', { stream: 'a', shards: [{ ShardId: 'x' }] }, 'no JSON object'],
    ['import-shards', { stream: 'a', shards: [{ ...shard, Extra: 1 }] }, 'unknown member "Extra"'],
    [
      'import-shards',
      { stream: 'a', shards: [shard], retentionHours: 1 },
      '"retentionHours" must be',
    ],
    ['import-shards', { stream: 'a', shards: [shard], mode: 'BOTH' }, '"mode" must be one of'],
    [
      'import-shards',
      {
        stream: 'a',
        shards: [{ ...shard, HashKeyRange: { StartingHashKey: '-1', EndingHashKey: '1' } }],
      },
      '"StartingHashKey" is not as Kinesis writes it',
    ],
    ['begin-import', { streams: [] }, 'needs "streams", a list of 1 to 1000'],
    ['begin-import', { streams: [{ ...imported, account: '1' }] }, '"account" is not as Kinesis'],
    ['begin-import', { streams: [{ ...imported, region: '../a' }] }, '"region" is not as Kinesis'],
    ['begin-import', { streams: [{ ...imported, tags: { a: 1 } }] }, '"tags" must be an object'],
    [
      'begin-import',
      { streams: [{ ...imported, tags: 'a' }] },
      '"tags" must be an object of texts',
    ],
    ['begin-import', { streams: [{ ...imported, oldestMs: -1 }] }, '"oldestMs" must be a whole'],
    ['begin-import', { streams: [imported], skipExpired: 'yes' }, '"skipExpired" must be true or'],
    [
      'begin-import',
      { streams: [1, 2, 3].map(() => ({ ...imported, shards: Array(7000).fill(shard) })) },
      'The streams have 21000 shards; an import takes 20000 at most',
    ],
    ['add-records', { ...batch, records: [] }, 'needs "records", a list of 1 to 2000'],
    ['add-records', { ...batch, records: Array(2001).fill(record) }, 'a list of at most 2000'],
    ['add-records', { ...batch, records: [{ ...record, data: 'x' }] }, 'converted to a Blob'],
    ['add-records', { ...batch, records: [{ ...record, data: 7 }] }, 'needs "data"'],
    [
      'add-records',
      { ...batch, records: [{ ...record, partitionKey: '' }] },
      '"partitionKey" must',
    ],
    [
      'add-records',
      { ...batch, records: [{ ...record, partitionKey: 'k'.repeat(257) }] },
      '256 characters at most',
    ],
    ['add-records', { ...batch, records: [{ ...record, index: 2 ** 53 }] }, '"index" must be'],
    ['finish-import', {}, 'needs "id"'],
    ['counters', { seconds: 301 }, '"seconds" must be a whole number from 1 to 300'],
    ['counters', { stream: 7 }, '"stream" must be a text'],
    ['journal', { after: -1 }, '"after" must be a whole number'],
    ['journal', { limit: 1001 }, '"limit" must be a whole number from 1 to 1000'],
  ])('%s refuses %j', async (route, body, sentence) => {
    const { post, done } = await controlServer();
    const answer = await post(route, body);
    expect([answer.status, answer.json().__type]).toEqual([400, 'SerializationException']);
    expect(answer.json().message).toContain(sentence);
    expect(done).toEqual([]);
  });

  test('all of them are tried here', () => {
    const tried = new Set(taken.map(([route]) => route));
    expect(Object.keys(controlRoutes).filter((route) => !tried.has(route))).toEqual([]);
  });
});

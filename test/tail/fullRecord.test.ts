// Where an opened record says that it was put: by a hash key of its own, by its partition key, or by one untold.
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { hashKeyMax, hashKeyOf } from '../../src/kinesis/hashKey.ts';
import { Masking } from '../../src/tail/masking.ts';
import { RowStore } from '../../src/tail/rowStore.ts';
import { fullRecord, type RowLook, recordsIn, tailRows } from '../../src/tail/rows.ts';
import { ShardTable } from '../../src/tail/shardTable.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { messageOf, type Put, sealed } from '../decode/support/aggregates.ts';

const data = new TextEncoder().encode('{"a":1}');
const plainLook: RowLook = { decoder: plainDecoder, marksIn: (texts) => texts.map(() => []) };

/** The shard from `first` to `last`. */
function shardOf(first: bigint, last: bigint) {
  const shards = new ShardTable();
  const ShardId = 'shardId-000000000000';
  const HashKeyRange = { StartingHashKey: `${first}`, EndingHashKey: `${last}` };
  const SequenceNumberRange = { StartingSequenceNumber: '495' };
  shards.addListed([{ ShardId, HashKeyRange, SequenceNumberRange }], () => ({ type: 'LATEST' }));
  return shards.get(ShardId);
}

interface Opened {
  readonly shard?: ReturnType<typeof shardOf>;
  readonly look?: RowLook;
}

function opened(record: Parameters<typeof recordsIn>[0], { shard, look = plainLook }: Opened) {
  const store = new RowStore(1 << 20);
  const [content] = recordsIn(record);
  const place = { shardId: 'shardId-000000000000', arrivedMs: 0, orderMs: 0 };
  const held = store.row(store.addRecord({ ...content!, ...place }));
  const [row] = tailRows(0, { rows: [held], look });
  if (held.kind !== 'record' || row?.kind !== 'record') throw new Error('no record');
  expect(row).not.toHaveProperty('explicitHashKey');
  return fullRecord(row, { record: held, shard, look });
}

const put = (partitionKey: string) => ({
  SequenceNumber: '495',
  PartitionKey: partitionKey,
  Data: data,
});
const aggregate = (one: Put) => ({ ...put('a'), Data: sealed(messageOf([one])) });

test('a record tells the format that its row has where all of it has another', () => {
  const long = new TextEncoder().encode(`{"a":"${'x'.repeat(20_000)}"}`);
  const found = opened({ ...put('a'), Data: long }, {});
  expect(found).toMatchObject({ row: { format: 'json' }, formatInRows: 'begins as json' });
  expect(opened(put('a'), {})).not.toHaveProperty('formatInRows');
});

test('a record within an aggregate lies at its explicit hash key', () => {
  const one = { partitionKey: 'customer', explicitHashKey: '1', data };
  const found = opened(aggregate(one), { shard: shardOf(0n, 1000n) });
  expect(found).toMatchObject({ hashKey: '1', explicitHashKey: '1' });
  expect(found.isHashKeyUntold).toBeUndefined();
});

test('one without lies at the MD5 of its partition key, in whichever shard its aggregate is', () => {
  const found = opened(aggregate({ partitionKey: 'customer', data }), { shard: shardOf(0n, 0n) });
  expect(found.hashKey).toBe(hashKeyOf('customer').toString());
  expect(found.explicitHashKey).toBeUndefined();
});

test('a record lies at the MD5 of its partition key, unless that belongs to another shard', () => {
  const at = hashKeyOf('ORD');
  const of = (first: bigint, last: bigint) => {
    const { hashKey, isHashKeyUntold } = opened(put('ORD'), { shard: shardOf(first, last) });
    return isHashKeyUntold ? 'untold' : hashKey;
  };
  expect(of(0n, hashKeyMax)).toBe(`${at}`);
  expect([of(at, at), of(at + 1n, hashKeyMax), of(0n, at - 1n)]).toEqual([
    `${at}`,
    'untold',
    'untold',
  ]);
  expect(opened(put('ORD'), {}).hashKey).toBe(`${at}`);
  expect(opened(put(''), { shard: shardOf(0n, 0n) })).toMatchObject({ hashKey: '' });
});

test('of what a mask hides a part no hash key is told', () => {
  const masking = new Masking(timeBox);
  masking.set(['$.a']);
  const one = { partitionKey: 'customer', explicitHashKey: '1', data };
  const found = opened(aggregate(one), { look: { ...plainLook, masking } });
  expect(found.hashKey).toBe('');
  expect(found).not.toHaveProperty('explicitHashKey');
});

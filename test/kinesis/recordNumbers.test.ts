// Numbers made in bulk are those that the plain form makes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordNumbers, shardPart } from '../../src/kinesis/recordNumbers.ts';
import { formatSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';

const shard = fc.record({
  index: fc.oneof(fc.nat(2 ** 31 - 1), fc.nat(40)),
  createdSeconds: fc.nat(2 ** 36 - 1),
});
const record = fc.record({
  key: fc.oneof(fc.maxSafeNat(), fc.nat(1000)),
  seconds: fc.oneof(fc.nat(2 ** 36 - 1), fc.constant(0)),
});

test('RecordNumbers equal formatSequenceNumber() for every shard, key and second', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(shard, record), { maxLength: 20 }), (records) => {
      const numbers = new RecordNumbers(records.length);
      for (const [of, { key, seconds }] of records) numbers.add(shardPart(of), { key, seconds });
      const plain = records.map(([of, { key, seconds }]) =>
        formatSequenceNumber({
          shardCreatedSeconds: of.createdSeconds,
          shardIndex: of.index,
          index: BigInt(key),
          seconds,
        }),
      );
      expect(numbers.take()).toEqual(plain);
    }),
    { numRuns: 2000 },
  );
});

test('RecordNumbers at the ends of their fields', () => {
  const part = shardPart({ index: 2 ** 31 - 1, createdSeconds: 2 ** 36 - 1 });
  const numbers = new RecordNumbers(2);
  numbers.add(part, { key: Number.MAX_SAFE_INTEGER, seconds: 2 ** 36 - 1 });
  numbers.add(part, { key: 0, seconds: 0 });
  const ends = [
    { index: BigInt(Number.MAX_SAFE_INTEGER), seconds: 2 ** 36 - 1 },
    { index: 0n, seconds: 0 },
  ];
  const at = { shardCreatedSeconds: 2 ** 36 - 1, shardIndex: 2 ** 31 - 1 };
  expect(numbers.take()).toEqual(ends.map((end) => formatSequenceNumber({ ...at, ...end })));
});

test('RecordNumbers equal formatSequenceNumber() where one follows another of its shard', () => {
  const step = fc.oneof(fc.constant(1), fc.nat(3), fc.nat(2_000_000));
  const rising = fc.record({
    of: shard,
    first: fc.nat(2 ** 52),
    seconds: fc.nat(2 ** 36 - 2),
    steps: fc.array(fc.tuple(step, fc.nat(9)), { maxLength: 100, size: 'max' }),
  });
  fc.assert(
    fc.property(rising, ({ of, first, seconds, steps }) => {
      const numbers = new RecordNumbers(steps.length);
      const part = shardPart(of);
      const plain: string[] = [];
      let key = first;
      for (const [by, later] of steps) {
        key += by;
        const at = seconds + (later === 9 ? 1 : 0);
        numbers.add(part, { key, seconds: at });
        const { createdSeconds: shardCreatedSeconds, index: shardIndex } = of;
        const number = { shardCreatedSeconds, shardIndex, index: BigInt(key), seconds: at };
        plain.push(formatSequenceNumber(number));
      }
      expect(numbers.take()).toEqual(plain);
    }),
    { numRuns: 300 },
  );
});

// Constraint errors in AWS's words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/kinesis/operations.ts';
import {
  blob,
  boolean,
  integer,
  list,
  map,
  oneOf,
  required,
  string,
  structure,
} from '../../src/kinesis/shape.ts';
import { failuresOf, satisfies, validate } from '../../src/kinesis/validate.ts';

const sentence = (name: keyof typeof operations, input: object): string => {
  try {
    validate(operations[name].input, input);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const data = new Uint8Array();

describe('validate()', () => {
  it('accepts what is within bounds, ignores unknown members, takes null for absent', () => {
    expect(sentence('CreateStream', { StreamName: 'a', ShardCount: null, Odd: 1 })).toBe('');
  });

  it('names a missing member without quotes', () => {
    expect(sentence('CreateStream', {})).toBe(
      "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: " +
        'Member must not be null',
    );
  });

  it('joins all failures, pattern before length, with the plural', () => {
    expect(sentence('DescribeStream', { StreamName: '', Limit: 0 })).toBe(
      "3 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; ' +
        "Value '' at 'streamName' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 1; ' +
        "Value '0' at 'limit' failed to satisfy constraint: " +
        'Member must have value greater than or equal to 1',
    );
  });

  it('lists the values of an enumeration in AWS order', () => {
    const input = { StreamName: 'a', ShardId: '0', ShardIteratorType: 'odd' };
    expect(sentence('GetShardIterator', input)).toBe(
      "1 validation error detected: Value 'odd' at 'shardIteratorType' failed to satisfy " +
        'constraint: Member must satisfy enum value set: ' +
        '[AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]',
    );
  });

  it('prints a blob as a Java buffer, by its place in a list', () => {
    const big = { length: 0, byteLength: 10_485_761 } as unknown as Uint8Array;
    const Records = [
      { PartitionKey: 'a', Data: data },
      { PartitionKey: 'a', Data: big },
    ];
    expect(sentence('PutRecords', { StreamName: 'a', Records })).toBe(
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=10485761 " +
        "cap=10485761]' at 'records.2.member.data' failed to satisfy constraint: " +
        'Member must have length less than or equal to 10485760',
    );
  });

  it('counts characters, not UTF-16 units', () => {
    const input = { StreamName: 'a', Data: data };
    expect(sentence('PutRecord', { ...input, PartitionKey: '\u{1f600}'.repeat(256) })).toBe('');
    expect(sentence('PutRecord', { ...input, PartitionKey: '\u{1f600}'.repeat(257) })).toMatch(
      /^1 validation error detected: .* less than or equal to 256$/s,
    );
  });

  it('lists ten failures at most and counts those', () => {
    const Records = Array.from({ length: 20 }, () => ({ PartitionKey: '', Data: data }));
    const text = sentence('PutRecords', { StreamName: 'a', Records });
    expect(text.startsWith('10 validation errors detected: ')).toBe(true);
    expect(text.split('; ')).toHaveLength(10);
  });

  it('judges keys and values of a map', () => {
    const shape = structure({
      Tags: required(map(string({ min: 1, max: 3 }), string({ max: 2 }))),
    });
    expect(() => validate(shape, { Tags: { long4: 'xxx' } })).toThrow(
      "2 validation errors detected: Value '{long4=xxx}' at 'tags' failed to satisfy constraint: " +
        'Map keys must satisfy constraint: [Member must have length less than or equal to 3, ' +
        'Member must have length greater than or equal to 1]; ' +
        "Value '{long4=xxx}' at 'tags' failed to satisfy constraint: " +
        'Map value must satisfy constraint: [Member must have length less than or equal to 2, ' +
        'Member must have length greater than or equal to 0]',
    );
  });
});

describe('satisfies()', () => {
  const inner = structure({ Key: required(string({ min: 1, max: 3, pattern: '[a-z]+' })) });
  const shape = structure({
    Name: required(string({ min: 1, max: 4 })),
    Kind: oneOf('ONE', 'TWO'),
    Count: integer({ min: 1, max: 9 }),
    Flag: boolean,
    Data: blob({ max: 4 }),
    Items: required(list(inner, { min: 1, max: 3 })),
    Tags: map(string({ min: 1, max: 2 }), string({ min: 0, max: 2 }), { min: 1, max: 2 }),
  });
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: value }, absent);
  const absent = fc.constantFrom(null, undefined);
  const text = (maxLength: number) => fc.string({ maxLength, unit: 'grapheme' });
  const letters = fc.string({ maxLength: 4, unit: fc.constantFrom('a', 'b', 'z', 'Z') });
  const inputs = fc.record({
    Name: maybe(text(5)),
    Kind: maybe(fc.constantFrom('ONE', 'TWO', 'THREE')),
    Count: maybe(fc.integer({ min: 0, max: 10 })),
    Flag: maybe(fc.boolean()),
    Data: maybe(fc.uint8Array({ maxLength: 5 })),
    Items: maybe(
      fc.array(fc.record({ Key: maybe(letters) }, { noNullPrototype: true }), { maxLength: 4 }),
    ),
    Tags: maybe(fc.dictionary(text(3), text(3), { maxKeys: 3, noNullPrototype: true })),
  });

  it('says what failuresOf() finds, both ways', () => {
    const seen = { fine: 0, broken: 0 };
    fc.assert(
      fc.property(inputs, (input) => {
        const isFine = failuresOf(shape, input).length === 0;
        seen[isFine ? 'fine' : 'broken'] += 1;
        expect(satisfies(shape, input)).toBe(isFine);
      }),
      { numRuns: 4000, seed: 7 },
    );
    expect(Math.min(seen.fine, seen.broken)).toBeGreaterThan(10);
  });
});

// Constraint errors in AWS's words.
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/kinesis/operations.ts';
import { map, required, string, structure } from '../../src/kinesis/shape.ts';
import { validate } from '../../src/kinesis/validate.ts';

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

// How long a partition key may be: who looks before the service does says what the service says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPartitionKeyShort } from '../../src/kinesis/partitionKey.ts';
import { partitionKey } from '../../src/kinesis/shapes.ts';
import { satisfies } from '../../src/kinesis/validate.ts';

test('it has as many characters as a call may name, some of which are two units of a text', () => {
  const part = fc.constantFrom('k', 'ß', '注', '\u{1f600}', '\ud83d');
  const key = fc.array(part, { minLength: 1, maxLength: 520 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(key, (text) => {
      expect(isPartitionKeyShort(text)).toBe(satisfies(partitionKey, text));
    }),
  );
  for (const character of ['k', '\u{1f600}']) {
    expect(isPartitionKeyShort(character.repeat(256))).toBe(true);
    expect(isPartitionKeyShort(character.repeat(257))).toBe(false);
  }
  expect(isPartitionKeyShort('')).toBe(true);
});

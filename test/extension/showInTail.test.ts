// Where the button under what was put leads.
import { expect, test, vi } from 'vitest';

vi.mock('vscode', () => ({}));

const { linkTo } = await import('../../src/extension/commands/showInTail.ts');

test('one record is led to by its number, whatever any clock shows', () => {
  const sequenceNumber = '49680471722558352184902463543785236893098034867';
  expect(linkTo({ sequenceNumber })).toEqual({
    start: { type: 'AT_SEQUENCE_NUMBER', sequenceNumber },
    filter: '',
    shows: { sequenceNumber },
    isNew: true,
  });
});

test('many are led to by the time at which putting them began', () => {
  const { start, shows } = linkTo({ startedMs: 10_000 });
  expect(start).toEqual({ type: 'AT_TIMESTAMP', timestampMs: 9_000 });
  expect(shows).toBeUndefined();
});

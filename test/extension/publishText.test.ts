// What a user reads when records were put, or were not.
import { expect, test, vi } from 'vitest';
import type { PublishResult } from '../../src/protocol/worker.ts';

vi.mock('vscode', () => ({}));

const { publishedText } = await import('../../src/extension/commands/publish.ts');

const all: PublishResult = { acknowledged: 1000, retried: 0, failed: 0, end: 'done', untried: 0 };
const expired = { failed: 500, failure: 'ExpiredTokenException: …', end: 'givenUp' } as const;

test.each<[Partial<PublishResult>, string]>([
  [{}, '1,000 records put into orders.'],
  [{ retried: 3 }, '1,000 records put into orders, 3 retried.'],
  [
    { failed: 1, failure: 'ValidationException: …' },
    '1,000 records put into orders. 1 record failed: ValidationException: …',
  ],
  [
    { ...expired, untried: 8500 },
    '1,000 records put into orders, 8,500 not tried. 500 records failed: ExpiredTokenException: …',
  ],
  [
    { ...expired, untried: undefined },
    '1,000 records put into orders, the rest not tried. 500 records failed: ExpiredTokenException: …',
  ],
  [
    { end: 'cancelled', untried: 9000 },
    'Cancelled: 1,000 records put into orders, 9,000 not tried.',
  ],
  [
    { end: 'cancelled', untried: undefined },
    'Cancelled: 1,000 records put into orders, the rest not tried.',
  ],
  [{ acknowledged: 0, end: 'cancelled' }, 'Cancelled: 0 records put into orders.'],
])('%j', (changes, said) => {
  expect(publishedText({ ...all, ...changes }, 'orders')).toBe(said);
});

// What is tried again, and what is not.
import { expect, test } from 'vitest';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { isThrottle, isUnreachable } from '../../src/kinesis/failureKinds.ts';

test.each([
  ['NetworkError', 503, { isUnreachable: true, isThrottle: false }],
  ['InternalFailure', 500, { isUnreachable: true, isThrottle: false }],
  ['ProvisionedThroughputExceededException', 400, { isUnreachable: false, isThrottle: true }],
  ['KMSThrottlingException', 400, { isUnreachable: false, isThrottle: true }],
  ['LimitExceededException', 400, { isUnreachable: false, isThrottle: true }],
  ['ResourceNotFoundException', 400, { isUnreachable: false, isThrottle: false }],
])('%s (%i) is of its kind', (name, status, kinds) => {
  const error = new KinesisError(name, 'Words.', status);
  expect({ isUnreachable: isUnreachable(error), isThrottle: isThrottle(error) }).toEqual(kinds);
});

test('a defect of our own is of no kind', () => {
  const defect = new TypeError('Throttling of undefined');
  expect([isUnreachable(defect), isThrottle(defect)]).toEqual([false, false]);
});

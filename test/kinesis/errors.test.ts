// AWS's sentences, as recorded.
import { describe, expect, it } from 'vitest';
import { formatStreamArn, parseStreamArn, partitionOf } from '../../src/kinesis/arn.ts';
import {
  couldNotFindShard,
  isKinesisError,
  KinesisError,
  shardDoesNotExist,
  streamExists,
  streamNotActive,
  streamNotFound,
} from '../../src/kinesis/errors.ts';
import { iteratorExpired, javaDate } from '../../src/kinesis/readErrors.ts';

const stream = { name: 'orders', account: '123456789012' };

describe('errors', () => {
  it('have the name and the sentence of AWS', () => {
    const expected: [KinesisError, string, string][] = [
      [
        streamNotFound(stream),
        'ResourceNotFoundException',
        'Stream orders under account 123456789012 not found.',
      ],
      [
        streamExists(stream),
        'ResourceInUseException',
        'Stream orders under account 123456789012 already exists.',
      ],
      [
        streamNotActive(stream, 'UPDATING'),
        'ResourceInUseException',
        'Stream orders under account 123456789012 not ACTIVE, instead in state UPDATING',
      ],
      [
        couldNotFindShard('x', stream),
        'ResourceNotFoundException',
        'Could not find shard x in stream orders under account 123456789012.',
      ],
      [
        shardDoesNotExist('x', stream),
        'ResourceNotFoundException',
        'Shard x in stream orders under account 123456789012 does not exist',
      ],
    ];
    for (const [error, name, message] of expected) {
      expect(error).toMatchObject({ name, message, status: 400 });
    }
  });

  it('are 500 only for InternalFailure', () => {
    expect(new KinesisError('InternalFailure', '').status).toBe(500);
    expect(isKinesisError(streamNotFound(stream), 'ResourceNotFoundException')).toBe(true);
    expect(isKinesisError(streamNotFound(stream), 'InternalFailure')).toBe(false);
    expect(isKinesisError(new Error('x'))).toBe(false);
  });
});

describe('javaDate()', () => {
  it('prints as Java does in UTC', () => {
    expect(javaDate(Date.UTC(2015, 0, 22, 1, 22, 2))).toBe('Thu Jan 22 01:22:02 UTC 2015');
    expect(javaDate(Date.UTC(2026, 11, 5, 23, 0, 59, 999))).toBe('Sat Dec 05 23:00:59 UTC 2026');
  });

  it('gives the sentence of an expired iterator', () => {
    const createdMs = Date.UTC(2015, 0, 22, 1, 22, 2);
    expect(iteratorExpired({ createdMs, nowMs: createdMs + 301_000 }).message).toBe(
      'Iterator expired. The iterator was created at time Thu Jan 22 01:22:02 UTC 2015 ' +
        'while right now it is Thu Jan 22 01:27:03 UTC 2015 ' +
        'which is further in the future than the tolerated delay of 300000 milliseconds.',
    );
  });
});

describe('parseStreamArn()', () => {
  it('undoes formatStreamArn() in every partition', () => {
    for (const region of ['us-east-1', 'cn-north-1', 'us-gov-west-1']) {
      const parts = { partition: partitionOf(region), region, ...stream };
      expect(parseStreamArn(formatStreamArn(parts))).toEqual(parts);
    }
    expect(parseStreamArn('arn:aws:kinesis:us-east-1:123456789012:stream/a/consumer/b')).toBe(
      undefined,
    );
  });
});

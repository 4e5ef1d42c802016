// Files of records on their way into a stream: what is wrong with them, or becomes wrong meanwhile, is said.
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { headOf, lineOf } from '../../src/export/recordLines.ts';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { apiFrom } from '../../src/kinesis/kinesisApi.ts';
import type { PutRecordsInput } from '../../src/kinesis/operations/putRecords.ts';
import type { ExportFormat } from '../../src/protocol/export.ts';
import { runPublish } from '../../src/worker/runPublish.ts';
import { tempFolder } from '../support/tempFolder.ts';

const utf8 = new TextEncoder();

const lines = (count: number, format: ExportFormat = 'jsonl'): string =>
  Array.from({ length: count }, (_, n) =>
    lineOf(format, {
      shardId: 'shardId-000000000000',
      sequenceNumber: String(n + 1),
      arrivedMs: 0,
      partitionKey: `k${n}`,
      data: n % 2 ? Uint8Array.of(0xff, n % 256) : utf8.encode(String(n)),
    }),
  ).join('');

async function fileOf(content: string): Promise<string> {
  const file = path.join(await tempFolder(), 'records');
  writeFileSync(file, content);
  return file;
}

/** A stream that stores all; `called` may throw before its n-th call, from 1 on. */
async function importOf(file: string, called: (call: number) => void = () => undefined) {
  const stored: PutRecordsInput['Records'] = [];
  let calls = 0;
  const api = apiFrom(async (_, input) => {
    called(++calls);
    const { Records } = input as PutRecordsInput;
    stored.push(...Records);
    const answers = Records.map((_, n) => ({ ShardId: 's', SequenceNumber: String(n) }));
    return { Records: answers } as never;
  });
  const source = { type: 'records', path: file, order: 'key' } as const;
  const running = runPublish(
    { connection: 'c', stream: 'orders', job: 1, source },
    { api, logger: nullLogger, signal: new AbortController().signal, progress: () => undefined },
  );
  const [outcome] = await Promise.allSettled([running]);
  if (outcome.status === 'rejected') return { stored, problem: String(outcome.reason.message) };
  return { stored, result: outcome.value };
}

test('credentials that end in the midst: what was put, refused and not tried make up the file', async () => {
  const { result, stored } = await importOf(await fileOf(lines(10_000)), (call) => {
    if (call === 3) throw new KinesisError('ExpiredTokenException', 'The token is expired');
  });
  expect(stored).toHaveLength(1000);
  expect(result).toMatchObject({ acknowledged: 1000, failed: 500, end: 'givenUp', untried: 8500 });
});

test('a file that is cut at the end of a line while it is put has changed', async () => {
  const file = await fileOf(lines(20_000));
  const { problem, stored } = await importOf(file, (call) => {
    const text = readFileSync(file, 'utf8');
    if (call === 1) truncateSync(file, text.lastIndexOf('\n', text.length / 2) + 1);
  });
  const put = stored.length.toLocaleString('en-US');
  expect(stored.length).toBeLessThan(20_000);
  expect(problem).toBe(
    `The file has changed since it was looked at: it ends after ${put} of 20,000 records. What came before was put.`,
  );
});

test('what comes to a file while it is put was not looked at, and is not put', async () => {
  const file = await fileOf(lines(20_000));
  const { problem, stored } = await importOf(file, (call) => {
    if (call === 1) appendFileSync(file, lines(1));
  });
  expect(stored).toHaveLength(20_000);
  expect(problem).toBe(
    'The file has changed since it was looked at: it has more than 20,000 records now. What came before was put.',
  );
});

test('a CSV that ends within a record is refused, and nothing of it is put', async () => {
  const content = headOf('csv') + lines(4, 'csv');
  const { problem, stored } = await importOf(await fileOf(content.slice(0, -6)));
  expect(problem).toMatch(/^Line 5 of records is no record: no line break follows, so it may /);
  expect(stored).toEqual([]);
});

test.each(['jsonl', 'csv'] as const)(
  'a byte order mark in front of %s does no harm',
  async (format) => {
    const { stored } = await importOf(await fileOf(`\ufeff${headOf(format)}${lines(2, format)}`));
    expect(stored.map(({ PartitionKey }) => PartitionKey)).toEqual(['k0', 'k1']);
  },
);

// Where emulators and Kinesis differ below any SDK: what stands in the request and the answer, byte by byte.
// `documented`, `measured` or `guessed` says how sure the one answer is.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callRaw, kinesisHeaders, sendHttp1, sendHttp2 } from '../server/support/rawHttp.ts';
import { openOverHttp } from './overHttp.ts';
import { callIn, rawCodecs } from './rawCodecs.ts';
import type { Backend } from './targets.ts';

describe('Probe below any SDK', () => {
  let backend: Backend;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'shardscope-probe-'));
    backend = await openOverHttp(folder, { namespaces: 'separate' });
  });
  afterAll(async () => {
    await backend.close();
    await rm(folder, { recursive: true, force: true });
  });

  const call = (operation: string, input?: unknown) =>
    callRaw(backend.endpoint!, { operation, input });
  /** As a client with this access key in this region sends it. */
  const callAs = async (
    key: string,
    request: { region: string; operation: string; input: object },
  ) => {
    const scope = `${key}/20260101/${request.region}/kinesis/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`;
    const headers = { ...kinesisHeaders(request.operation), authorization };
    return sendHttp1(backend.endpoint!, { headers, body: JSON.stringify(request.input) });
  };

  it('documented: one port answers HTTP/1.1 and HTTP/2 without TLS', async () => {
    for (const send of [sendHttp1, sendHttp2]) {
      const headers = kinesisHeaders('ListStreams');
      const answer = await send(backend.endpoint!, { headers, body: '{}' });
      expect([answer.status, answer.json()]).toMatchObject([200, { HasMoreStreams: false }]);
    }
  });

  it('measured: PutRecord rejects data that is not base64 while reading it', async () => {
    const answer = await call('PutRecord', { StreamName: 'a', PartitionKey: 'k', Data: '23456' });
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        __type: 'SerializationException',
        Message:
          "'23456' can not be converted to a Blob: " +
          'Base64 encoded length is expected a multiple of 4 bytes but found: 5',
      },
    ]);
  });

  it('measured: an operation that does not exist is unknown, without a message', async () => {
    const answer = await call('PutRecordz');
    expect([answer.status, answer.json()]).toEqual([400, { __type: 'UnknownOperationException' }]);
  });

  it('measured: a body that is no object is told before an unknown operation', async () => {
    for (const body of ['hello', 'true', 'null']) {
      const answer = await call('PutRecordz', body);
      expect([answer.status, answer.json()]).toEqual([400, { __type: 'SerializationException' }]);
    }
  });

  it('measured: types are told before constraints, with a capital Message', async () => {
    const answer = await call('PutRecord', { StreamName: 'a b', PartitionKey: true, Data: '' });
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        __type: 'SerializationException',
        Message: 'class java.lang.Boolean can not be converted to an String',
      },
    ]);
  });

  it('measured: constraints come all in one message, before the stream is looked for', async () => {
    const answer = await call('PutRecord', { StreamName: 'nobody', PartitionKey: '' });
    const { __type, message } = answer.json<{ __type: string; message: string }>();
    expect([answer.status, __type]).toEqual([400, 'ValidationException']);
    expect(message).toMatch(/^2 validation errors detected: /);
    for (const member of ['data', 'partitionKey'])
      expect(message).toContain(`at '${member}' failed`);
  });

  it('measured: an operation without output answers with an empty body', async () => {
    const answer = await call('CreateStream', { StreamName: 'empty-answer', ShardCount: 1 });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('documented: a stream is of the region that the caller signed for, and so is its ARN', async () => {
    const StreamName = 'of-a-region';
    const created = await callAs('AKIAIOSFODNN7EXAMPLE', {
      region: 'eu-west-1',
      operation: 'CreateStream',
      input: { StreamName, ShardCount: 1 },
    });
    expect(created.status).toBe(200);
    const described = (region: string) =>
      callAs('AKIAIOSFODNN7EXAMPLE', {
        region,
        operation: 'DescribeStreamSummary',
        input: { StreamName },
      });
    const arn = `arn:aws:kinesis:eu-west-1:${backend.account}:stream/${StreamName}`;
    expect((await described('eu-west-1')).text).toContain(arn);
    expect((await described('eu-west-2')).json()).toMatchObject({
      __type: 'ResourceNotFoundException',
    });
  });

  it('guessed: an access key of twelve digits is the account', async () => {
    const input = { StreamName: 'nobody' };
    const request = { region: 'us-east-1', operation: 'DescribeStreamSummary', input };
    expect((await callAs('123456789012', request)).json()).toEqual({
      __type: 'ResourceNotFoundException',
      message: 'Stream nobody under account 123456789012 not found.',
    });
  });

  it('guessed: what is not built yet says so, as an unknown operation', async () => {
    for (const operation of ['CreateChannel', 'ListChannels', 'DescribeChannel']) {
      const answer = await call(operation);
      expect([answer.status, answer.json()]).toEqual([
        400,
        {
          __type: 'UnknownOperationException',
          message: `Shardscope does not implement ${operation} yet.`,
        },
      ]);
    }
  });

  it('documented: a subscription that cannot begin is refused with 400 in the request`s encoding', async () => {
    const ConsumerARN = `arn:aws:kinesis:us-east-1:${backend.account}:stream/a/consumer/c:1`;
    const StartingPosition = { Type: 'LATEST' };
    const input = { ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition };
    for (const codec of rawCodecs) {
      const endpoint = backend.endpoint!;
      const answer = await callIn(codec, { endpoint, operation: 'SubscribeToShard', input });
      expect([answer.status, answer.headers['content-type'], codec.read(answer)]).toEqual([
        400,
        codec.contentType,
        {
          __type: 'ResourceNotFoundException',
          message: `Consumer ${ConsumerARN}, account ${backend.account} not found.`,
        },
      ]);
    }
  });
});

// Who may call, over the wire: three modes, both versions of HTTP, AWS's own clients, and permissions.
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AccessKey } from '../../../src/server/auth/accessKey.ts';
import { parseKeys } from '../../../src/server/auth/keysFile.ts';
import { TestClock } from '../../support/testClock.ts';
import {
  kinesisHeaders,
  type RawAnswer,
  type Send,
  sendHttp1,
  sendHttp2,
} from '../support/rawHttp.ts';
import { nonce, type TestServer, testServer } from '../support/testServer.ts';
import { key, presign, type Signed, type SignWith, searchOf, sessionKey, sign } from './signing.ts';

const versions: [string, Send][] = [
  ['HTTP/1.1', sendHttp1],
  ['HTTP/2', sendHttp2],
];
const keys = [key, sessionKey];
const wrong = 'The request signature we calculated does not match the signature you provided.';

const verifying = (parts: Parameters<typeof testServer>[0] = {}) =>
  testServer({ auth: { mode: 'verify', keys }, ...parts });

const toSign = (endpoint: string, operation = 'ListStreams', body = '{}') => ({
  headers: { host: new URL(endpoint).host, ...kinesisHeaders(operation) },
  body,
});

const sent = (send: Send, endpoint: string, { headers, body, path, query }: Signed) =>
  send(endpoint, { path: path + searchOf(query), headers, body });

async function signedCall(
  { server }: TestServer,
  { send, by = {}, body = '{}' }: { send: Send; by?: SignWith; body?: string },
): Promise<RawAnswer> {
  const { endpoint } = server;
  return sent(send, endpoint, await sign(toSign(endpoint, 'ListStreams', body), by));
}

const problemOf = (answer: RawAnswer) => [
  answer.status,
  answer.json().__type,
  answer.json().message,
];

describe.each(versions)('auth: verify over %s', (version, send) => {
  test('takes AWS’s own client, with body and key of any characters', async () => {
    const clock = new TestClock();
    const { server, fake } = await verifying({
      clock,
      answers: { PutRecord: () => ({ ShardId: 'shardId-000000000000', SequenceNumber: '1' }) },
    });
    const { accessKeyId, secretAccessKey, sessionToken } = sessionKey;
    const client = new KinesisClient({
      endpoint: server.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey, sessionToken: sessionToken! },
      systemClockOffset: clock.now() - Date.now(),
      ...(version === 'HTTP/1.1' && { requestHandler: new NodeHttpHandler() }),
    });
    onTestFinished(() => client.destroy());
    const put = { StreamName: 'orders', PartitionKey: 'é☃"', Data: Buffer.from([0, 255, 0x2b]) };
    await client.send(new PutRecordCommand(put));
    expect(fake.calls).toHaveLength(1);
    expect(fake.calls[0]!.context).toMatchObject({
      account: key.account,
      region: 'eu-west-1',
      accessKeyId,
      own: false,
    });
  });

  test('takes what is signed, and no request of which a part was changed', async () => {
    const { server, fake } = await verifying();
    const signed = await sign(toSign(server.endpoint));
    expect((await sent(send, server.endpoint, signed)).status).toBe(200);
    const host = signed.headers.host!.replace('127.0.0.1', 'localhost');
    for (const changed of [
      { ...signed, body: '{ }' },
      { ...signed, query: { a: '' } },
      { ...signed, headers: { ...signed.headers, host } },
      {
        ...signed,
        headers: { ...signed.headers, 'x-amz-target': 'Kinesis_20131202.DeleteStream' },
      },
      { ...signed, headers: { ...signed.headers, 'x-amz-date': '20250101T000001Z' } },
    ]) {
      const answer = await sent(send, server.endpoint, changed);
      expect(problemOf(answer)).toEqual([
        400,
        'InvalidSignatureException',
        expect.stringContaining(wrong),
      ]);
    }
    expect(fake.calls).toHaveLength(1);
  });

  test('takes a signature in the query', async () => {
    const { server, fake } = await verifying();
    const signed = await presign(toSign(server.endpoint), { key: sessionKey });
    expect((await sent(send, server.endpoint, signed)).status).toBe(200);
    expect(fake.calls[0]!.context).toMatchObject({ account: key.account, region: 'us-east-1' });
    const changed = { ...signed, body: '{ }' };
    expect((await sent(send, server.endpoint, changed)).json().message).toContain(wrong);
  });

  test('refuses a body that is no object first, then who calls, then types', async () => {
    const test = await verifying();
    const by = { key: { ...key, secretAccessKey: 'other' } };
    const types = '{"Limit":"x"}';
    const bodies = ['', 'x', types].map((body) => signedCall(test, { send, by, body }));
    expect((await Promise.all(bodies)).map((answer) => answer.json().__type)).toEqual([
      'SerializationException',
      'SerializationException',
      'InvalidSignatureException',
    ]);
    const answer = await signedCall(test, { send, body: types });
    expect(answer.json().__type).toBe('SerializationException');
    expect(test.fake.calls).toEqual([]);
  });

  test('the lock’s nonce opens it for windows and for nobody who guesses', async () => {
    const { server, fake } = await verifying();
    const call = (headers: Record<string, string>) =>
      send(server.endpoint, {
        headers: { ...kinesisHeaders('ListStreams'), ...headers },
        body: '{}',
      });
    expect((await call({ 'x-shardscope-nonce': nonce })).status).toBe(200);
    expect((await call({ 'x-shardscope-window': nonce })).status).toBe(200);
    expect(fake.calls.map(({ context }) => context?.own)).toEqual([true, false]);
    for (const name of ['x-shardscope-nonce', 'x-shardscope-window']) {
      const answer = await call({ [name]: nonce.replace(/^./, '0') });
      expect(answer.json().__type).toBe('MissingAuthenticationTokenException');
    }
  });

  test('says nothing of a secret', async () => {
    const logged: string[] = [];
    const note = (line: string): void => void logged.push(line);
    const logger = { debug: note, info: note, warn: note, error: note };
    const test = await verifying({ logger });
    const answers = await Promise.all(
      [
        { key: { ...sessionKey, sessionToken: 'x' } },
        { key: { ...key, secretAccessKey: 'y' } },
      ].map((by) => signedCall(test, { send, by })),
    );
    const said = [...logged, ...answers.map(({ text }) => text)].join('\n');
    expect(said).not.toContain(key.secretAccessKey);
    expect(said).not.toContain(sessionKey.sessionToken);
  });
});

describe.each(versions)('auth: shape over %s', (_, send) => {
  const call = async (headers: Record<string, string>, path = '/') => {
    const { server, fake } = await testServer({ auth: { mode: 'shape', keys: [] } });
    const all = { ...kinesisHeaders('ListStreams'), ...headers };
    const answer = await send(server.endpoint, { path, headers: all, body: '{}' });
    return { answer, calls: fake.calls };
  };
  const scope = 'AKID/20250101/us-east-1/kinesis/aws4_request';
  const lacking = (name: string) => `Authorization header requires '${name}' parameter.`;

  test.each([
    `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`,
    `AWS4-HMAC-SHA256 Credential=${scope} SignedHeaders=host Signature=00`,
    `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host,Signature=00`,
  ])('takes %s', async (authorization) => {
    const { answer, calls } = await call({ authorization, 'x-amz-date': '20250101T000000Z' });
    expect([answer.status, calls[0]?.context?.region]).toEqual([200, 'us-east-1']);
  });

  test.each([
    [{}, '/', 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
    [
      { authorization: 'AWS4-HMAC-SHA256 Signature=b', date: 'x' },
      '/',
      'IncompleteSignatureException',
      `${lacking('Credential')} ${lacking('SignedHeaders')} Authorization=AWS4-HMAC-SHA256 Signature=b`,
    ],
    [
      { authorization: 'X' },
      '/',
      'IncompleteSignatureException',
      `${lacking('Credential')} ${lacking('Signature')} ${lacking('SignedHeaders')} Authorization ` +
        "header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=X",
    ],
    [
      {},
      '/?X-Amz-Algorithm=a&X-Amz-Date=b',
      'IncompleteSignatureException',
      "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
    ],
    [
      { authorization: 'X' },
      '/?X-Amz-Algorithm',
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    ],
  ])('refuses %o at %s', async (headers, path, type, message) => {
    const { answer, calls } = await call(headers as Record<string, string>, path);
    expect(problemOf(answer)).toEqual([400, type, message]);
    expect(calls).toEqual([]);
  });

  test('answers other content types in XML', async () => {
    const { answer } = await call({ 'content-type': 'text/plain' });
    expect([answer.status, answer.text]).toEqual([
      403,
      '<MissingAuthenticationTokenException>\n  <Message>Missing Authentication Token</Message>\n' +
        '</MissingAuthenticationTokenException>\n',
    ]);
  });
});

test('auth: any takes whatever comes, and knows the account of a configured key', async () => {
  const { server, fake } = await testServer({ auth: { mode: 'any', keys } });
  const by = { key: { ...key, secretAccessKey: 'wrong' } };
  const signed = await sign(toSign(server.endpoint), by);
  for (const headers of [signed.headers, kinesisHeaders('ListStreams')]) {
    expect((await sendHttp1(server.endpoint, { headers, body: '{}' })).status).toBe(200);
  }
  expect(fake.calls.map(({ context }) => context?.account)).toEqual([key.account, undefined]);
});

describe('permissions', () => {
  const arn = (name: string, account = key.account) =>
    `arn:aws:kinesis:us-east-1:${account}:stream/${name}`;
  const statement = (Effect: string, Action: string, Resource: string | string[]) => ({
    Version: '2012-10-17',
    Statement: [{ Effect, Action, Resource }],
  });
  const user = (...policies: object[]): AccessKey =>
    parseKeys(
      JSON.stringify([
        { accessKeyId: 'AKIDUSER', secretAccessKey: 's', account: key.account, policies },
      ]),
    )[0]!;

  async function call(
    by: AccessKey,
    {
      operation,
      input,
      ...parts
    }: { operation: string; input: object } & Parameters<typeof testServer>[0],
  ): Promise<string> {
    const { server } = await testServer({
      auth: { mode: 'verify', keys: [by] },
      answers: { GetRecords: () => ({ Records: [], MillisBehindLatest: 0 }) },
      tokenStreams: {
        streamArnIn: (token) => (token.startsWith('arn') ? token : undefined),
        consumerArnIn: (stream, name) =>
          name === 'known' ? `${stream}/consumer/known:7` : undefined,
      },
      ...parts,
    });
    const request = toSign(server.endpoint, operation, JSON.stringify(input));
    const answer = await sent(sendHttp1, server.endpoint, await sign(request, { key: by }));
    return answer.status === 200 ? 'ok' : `${answer.json().__type}: ${answer.json().message}`;
  }
  const put = { Data: '', PartitionKey: 'k' };
  const denied = (action: string, resource: string, reason?: string) =>
    `AccessDeniedException: User: arn:aws:iam::111122223333:user/AKIDUSER is not authorized to perform: ` +
    `kinesis:${action} on resource: ${resource} ` +
    (reason ?? `because no identity-based policy allows the kinesis:${action} action`);
  const onA = user(statement('Allow', 'kinesis:*', arn('a')));

  test.each<[string, AccessKey, string, object, string]>([
    ['what is allowed, by name', onA, 'PutRecord', { StreamName: 'a', ...put }, 'ok'],
    ['what is allowed, by ARN', onA, 'PutRecord', { StreamARN: arn('a'), ...put }, 'ok'],
    [
      'another stream',
      onA,
      'PutRecord',
      { StreamName: 'b', ...put },
      denied('PutRecord', arn('b')),
    ],
    ['its own iterator', onA, 'GetRecords', { ShardIterator: arn('a') }, 'ok'],
    [
      'another stream’s iterator',
      onA,
      'GetRecords',
      { ShardIterator: arn('b'), StreamARN: arn('a') },
      denied('GetRecords', arn('b')),
    ],
    [
      'another stream’s page',
      onA,
      'ListShards',
      { NextToken: arn('b') },
      denied('ListShards', arn('b')),
    ],
    [
      'a consumer by name, which is told by its ARN',
      onA,
      'DescribeStreamConsumer',
      { StreamARN: arn('b'), ConsumerName: 'known' },
      denied('DescribeStreamConsumer', `${arn('b')}/consumer/known:7`),
    ],
    [
      'a consumer that is not there',
      onA,
      'DescribeStreamConsumer',
      { StreamARN: arn('b'), ConsumerName: 'other' },
      denied('DescribeStreamConsumer', `${arn('b')}/consumer/other:*`),
    ],
    ['the whole account', onA, 'ListStreams', {}, denied('ListStreams', '*')],
    [
      'tags without the right to tag',
      user(statement('Allow', 'kinesis:CreateStream', '*')),
      'CreateStream',
      { StreamName: 'a', Tags: { a: 'b' } },
      denied('AddTagsToStream', arn('a')),
    ],
    [
      'a denied stream in another partition’s spelling',
      user(statement('Allow', '*', '*'), statement('Deny', '*', arn('a'))),
      'PutRecord',
      { StreamARN: arn('a').replace('arn:aws', 'arn:aws-x'), ...put },
      denied('PutRecord', arn('a'), 'with an explicit deny in an identity-based policy'),
    ],
    [
      'another account’s stream',
      user(statement('Allow', '*', '*')),
      'PutRecord',
      { StreamARN: arn('a', '444455556666'), ...put },
      denied(
        'PutRecord',
        arn('a', '444455556666'),
        'because no resource-based policy allows the kinesis:PutRecord action',
      ),
    ],
    ['a key without policies, in its account', key, 'DeleteStream', { StreamName: 'x' }, 'ok'],
    [
      'a key without policies, in another account',
      key,
      'DeleteStream',
      { StreamARN: arn('a', '444455556666') },
      `AccessDeniedException: User: ${key.arn} is not authorized to perform: kinesis:DeleteStream on resource: ${arn('a', '444455556666')} because no resource-based policy allows the kinesis:DeleteStream action`,
    ],
    ['a key with no policy', user(), 'ListStreams', {}, denied('ListStreams', '*')],
  ])('of %s', async (_, by, operation, input, expected) => {
    expect(await call(by, { operation, input })).toBe(expected);
  });

  test('of a resource’s policy: what it allows, what it denies, and one that cannot be read', async () => {
    const said: string[] = [];
    const logger = {
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (line: string) => void said.push(line),
    };
    const with_ = (policy: string) => ({
      operation: 'PutRecord',
      input: { StreamName: 'b', ...put },
      resourcePolicies: { policyOf: (of: string) => (of === arn('b') ? policy : undefined) },
      logger,
    });
    const policy = (Effect: string, more: object = {}) =>
      JSON.stringify({
        Statement: {
          Effect,
          Principal: { AWS: onA.arn },
          Action: 'kinesis:Put*',
          Resource: arn('b'),
          ...more,
        },
      });
    expect(await call(onA, with_(policy('Allow')))).toBe('ok');
    expect(await call(onA, with_('{}'))).toBe(denied('PutRecord', arn('b')));
    const explicit = 'with an explicit deny in a resource-based policy';
    expect(await call(onA, with_(policy('Deny')))).toBe(denied('PutRecord', arn('b'), explicit));
    expect(await call(onA, with_('nonsense'))).toBe(denied('PutRecord', arn('b'), explicit));
    const strange = { Condition: { IpAddress: { 'aws:SourceIp\n': '::1' } } };
    expect(await call(onA, with_(policy('Allow', strange)))).toBe(denied('PutRecord', arn('b')));
    expect(said).toEqual([
      `The policy of ${arn('b')} is no JSON: nobody is let in by it.`,
      'A policy for kinesis:PutRecord holds what is not judged here, so it does not allow: ' +
        'condition key aws:SourceIp\\n',
    ]);
  });

  test('are asked for only where signatures are verified, and not of windows', async () => {
    const { server } = await testServer({ auth: { mode: 'verify', keys: [user()] } });
    const headers = { ...kinesisHeaders('ListStreams'), 'x-shardscope-window': nonce };
    expect((await sendHttp1(server.endpoint, { headers, body: '{}' })).status).toBe(200);
  });
});

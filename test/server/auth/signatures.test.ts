// Signatures against AWS's own signer: what it signs holds, and what was changed after it does not.
import { createHmac, hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalQuery,
  canonicalRequest,
  signedNames,
} from '../../../src/server/auth/canonicalRequest.ts';
import { Hmac } from '../../../src/server/auth/hmac.ts';
import { Signatures, skewMs } from '../../../src/server/auth/signatures.ts';
import { SigningKeys, signingKeysMax } from '../../../src/server/auth/signingKeys.ts';
import { TEST_EPOCH_MS, TestClock } from '../../support/testClock.ts';
import { key, presign, type Signed, type SignWith, searchOf, sessionKey, sign } from './signing.ts';

const target = 'Kinesis_20131202.PutRecord';
const plain = {
  headers: {
    host: 'localhost:4567',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': target,
  },
  body: '{"StreamName":"orders"}',
};
const clock = new TestClock();
const keys = new Map([key, sessionKey].map((one) => [one.accessKeyId, one]));
const signatures = new Signatures({ keys, clock });

/** As the server sees a request: each byte of a header a character. */
function seen({ method, path, query, headers }: Signed, search = searchOf(query).slice(1)) {
  const byName = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { method, path, search, header: (name: string) => byName.get(name) };
}

const verify = (request: Signed, of = signatures) =>
  of.verify(seen(request), Buffer.from(request.body as Uint8Array));

function refusal(request: Signed, of = signatures): { name: string; message: string } {
  try {
    verify(request, of);
  } catch (thrown) {
    const { name, message } = thrown as Error;
    return { name, message };
  }
  throw new Error('it was taken');
}

const mismatch = {
  name: 'InvalidSignatureException',
  message:
    'The request signature we calculated does not match the signature you provided. Check your AWS ' +
    'Secret Access Key and signing method. Consult the service documentation for details.',
};
const invalid = (message: string) => ({ name: 'InvalidSignatureException', message });
const incomplete = (message: string) => ({ name: 'IncompleteSignatureException', message });
const unknown = {
  name: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};

/** The request with parts of its Authorization header as a function makes them. */
const reworded = (request: Signed, change: (text: string) => string): Signed => ({
  ...request,
  headers: { ...request.headers, authorization: change(request.headers.authorization!) },
});
const withHeader = (request: Signed, name: string, value: string): Signed => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

describe('canonicalRequest()', () => {
  test('is what AWS publishes for its example', () => {
    const headers: Record<string, string> = {
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-amz-date': '20150830T123600Z',
    };
    const search = 'Version=2010-05-08&Action=ListUsers';
    const request = { method: 'GET', path: '/', search, header: (name: string) => headers[name] };
    const signed = signedNames('content-type;host;x-amz-date');
    const text = canonicalRequest(request, { signed, payload: hash('sha256', '') });
    expect(hash('sha256', text)).toBe(
      'f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59',
    );
  });

  test.each([
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1&a', 'a=&a=1&a=2'],
    ['a=%7E-_.*%27()!%20', 'a=~-_.%2A%27%28%29%21%20'],
    ['x=%C3%A9&B=1', 'B=1&x=%C3%A9'],
    ['bad=%E9%', 'bad=%25E9%25'],
  ])('canonicalQuery() of %s', (search, canonical) => {
    expect(canonicalQuery(search)).toBe(canonical);
  });
});

describe('Signatures', () => {
  test('takes what AWS’s signer signs, whatever body, headers, path and query', async () => {
    const text = fc.stringMatching(/^[ -~\u00a1-\u00ff]{0,40}$/);
    // What a plain object cannot hold, the signer cannot sign.
    const anyName = fc.string({ minLength: 1 }).filter((given) => given !== '__proto__');
    const name = fc.stringMatching(/^x-[a-z][a-z0-9-]{0,20}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          body: fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' })),
          headers: fc.dictionary(name, text, { maxKeys: 5 }),
          query: fc.dictionary(anyName, fc.string({ unit: 'grapheme' }), {
            maxKeys: 3,
          }),
          path: fc.stringMatching(/^\/[a-z0-9./~%-]{0,20}$/),
          region: fc.constantFrom('us-east-1', 'eu-central-2', 'us-gov-west-1', 'ap-southeast-1'),
          by: fc.constantFrom(key, sessionKey),
        }),
        async ({ by, region, ...given }) => {
          const headers = { ...given.headers, ...plain.headers };
          const request = await sign({ ...given, headers }, { key: by, region });
          expect(verify(request)).toEqual({ key: by, region, date: '20250101' });
        },
      ),
      { numRuns: 300 },
    );
  });

  test('takes a header in UTF-8 that came as its bytes', async () => {
    const signed = await sign({ ...plain, headers: { ...plain.headers, 'x-note': 'é ☃' } });
    expect(verify(withHeader(signed, 'x-note', Buffer.from('é ☃').toString('latin1'))).key).toBe(
      key,
    );
  });

  test('refuses a request of which any signed part was changed', async () => {
    const signed = await sign(
      { ...plain, query: { a: '1' }, path: '/a', headers: { ...plain.headers, 'x-note': 'one' } },
      { key: sessionKey },
    );
    const changed: Record<string, Signed> = {
      body: { ...signed, body: '{"StreamName":"other"}' },
      method: { ...signed, method: 'GET' },
      path: { ...signed, path: '/b' },
      query: { ...signed, query: { a: '2' } },
      'more query': { ...signed, query: { a: '1', b: '' } },
      host: withHeader(signed, 'host', 'elsewhere:4567'),
      target: withHeader(signed, 'x-amz-target', 'Kinesis_20131202.DeleteStream'),
      type: withHeader(signed, 'content-type', 'application/x-amz-cbor-1.1'),
      'other header': withHeader(signed, 'x-note', 'two'),
      time: withHeader(signed, 'x-amz-date', '20250101T000001Z'),
      region: reworded(signed, (text) => text.replace('us-east-1', 'us-east-2')),
      'key id': reworded(
        { ...signed, headers: { ...signed.headers, 'x-amz-security-token': '' } },
        (text) => text.replace('ASIAEXAMPLE', 'AKIDEXAMPLE'),
      ),
      signature: reworded(signed, (text) => text.replace(/.$/, (it) => (it === '0' ? '1' : '0'))),
      'no signed note': reworded(signed, (text) => text.replace(';x-note', '')),
      'a shorter signature': reworded(signed, (text) => text.slice(0, -1)),
      'the payload hash': withHeader(signed, 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'),
    };
    for (const [part, request] of Object.entries(changed)) {
      expect(refusal(request), part).toEqual(mismatch);
    }
    expect(verify(signed).key).toBe(sessionKey);
  });

  test('takes a body that the client has signed as unsigned, and no other', async () => {
    const name = 'x-amz-content-sha256';
    const headers = { ...plain.headers, [name]: 'UNSIGNED-PAYLOAD' };
    const signed = await sign({ ...plain, headers });
    expect(verify({ ...signed, body: '{}' }).key).toBe(key);
    expect(refusal(await sign({ ...plain, headers }, { unsigned: name }))).toEqual(mismatch);
    const hashed = await sign({
      ...plain,
      headers: { ...plain.headers, [name]: hash('sha256', plain.body) },
    });
    expect(verify(hashed).key).toBe(key);
    expect(refusal({ ...hashed, body: '{}' })).toEqual(mismatch);
  });

  test.each<[string, SignWith, { name: string; message: string }]>([
    ['another secret', { key: { ...key, secretAccessKey: 'x' } }, mismatch],
    ['an unknown key', { key: { ...key, accessKeyId: 'AKIDOTHER' } }, unknown],
    ['a token where none belongs', { key: { ...key, sessionToken: 'x' } }, unknown],
    ['no token', { key: { ...sessionKey, sessionToken: undefined } }, unknown],
    [
      'another token',
      { key: { ...sessionKey, sessionToken: `${sessionKey.sessionToken}=` } },
      unknown,
    ],
    [
      'another service',
      { service: 'firehose' },
      invalid("Credential should be scoped to correct service: 'kinesis'."),
    ],
    ['no region', { region: 'mars' }, invalid('Credential should be scoped to a valid region.')],
    [
      'a time long ago',
      { atMs: TEST_EPOCH_MS - skewMs - 1000 },
      {
        name: 'InvalidSignatureException',
        message:
          'Signature expired: 20241231T235459Z is now earlier than 20241231T235500Z (20250101T000000Z - 5 min.)',
      },
    ],
    [
      'a time to come',
      { atMs: TEST_EPOCH_MS + skewMs + 1000 },
      invalid(
        'Signature not yet current: 20250101T000501Z is still later than 20250101T000500Z (20250101T000000Z + 5 min.)',
      ),
    ],
  ])('refuses %s', async (_, by, expected) => {
    expect(refusal(await sign(plain, by))).toEqual(expected);
  });

  test('takes clocks that are five minutes off, to the second', async () => {
    for (const atMs of [TEST_EPOCH_MS - skewMs, TEST_EPOCH_MS + skewMs]) {
      expect(verify(await sign(plain, { atMs })).key).toBe(key);
    }
  });

  test('refuses a session token once it has expired', async () => {
    const later = new TestClock(sessionKey.expiresMs! - 1);
    const of = new Signatures({ keys, clock: later });
    const signed = await sign(plain, { key: sessionKey, atMs: later.now() });
    expect(verify(signed, of).key).toBe(sessionKey);
    await later.advance(1);
    expect(refusal(signed, of)).toEqual({
      name: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    });
  });

  test.each<[string, (text: string) => string, object]>([
    [
      'another day',
      (text) => text.replace('/20250101/', '/20250102/'),
      invalid(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20250102' != '20250101', from '20250101T000000Z'.",
      ),
    ],
    [
      'no day',
      (text) => text.replace('/20250101/', '//'),
      invalid(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '' != '20250101', from '20250101T000000Z'.",
      ),
    ],
    [
      'another end',
      (text) => text.replace('aws4_request', 'aws5'),
      invalid("Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'."),
    ],
    [
      'a short scope',
      (text) => text.replace('/aws4_request', ''),
      incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20250101/us-east-1/kinesis'",
      ),
    ],
    [
      'another algorithm',
      (text) => text.replace('HMAC-SHA256', 'HMAC-SHA1'),
      incomplete("Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."),
    ],
    [
      'no host among the signed',
      (text) => text.replace('host;', ''),
      invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    ],
    [
      'no target among the signed',
      (text) => text.replace(';x-amz-target', ''),
      invalid("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."),
    ],
  ])('refuses %s', async (_, change, expected) => {
    expect(refusal(reworded(await sign(plain), change))).toEqual(expected);
  });

  test('takes the time from Date where there is no X-Amz-Date, and refuses what is none', async () => {
    const signed = await sign(plain);
    expect(refusal(withHeader(signed, 'x-amz-date', 'yesterday'))).toEqual(
      incomplete(
        "Date must be in ISO-8601 'basic format'. Got 'yesterday'. See http://en.wikipedia.org/wiki/ISO_8601",
      ),
    );
    const { 'x-amz-date': _, ...headers } = signed.headers;
    const dated = { ...headers, date: 'Wed, 01 Jan 2025 00:00:00 GMT' };
    // The header that was signed is not there now; that its time was read shows in what is wrong.
    expect(refusal({ ...signed, headers: dated })).toEqual(mismatch);
  });

  describe('in the query', () => {
    test('are taken as AWS’s signer makes them, as long as they hold', async () => {
      const later = new TestClock();
      const of = new Signatures({ keys, clock: later });
      const long = await presign(plain, { key: sessionKey, expiresIn: 900 });
      const short = await presign(plain, { expiresIn: 60 });
      expect([verify(long, of).key, verify(short, of).key]).toEqual([sessionKey, key]);
      await later.advance(60_001);
      expect(refusal(short, of)).toMatchObject({
        message: expect.stringMatching(/^Signature expired/),
      });
      await later.advance(840_000);
      expect(refusal(long, of)).toMatchObject({
        message: expect.stringMatching(/^Signature expired/),
      });
    });

    test('are refused when a part was changed', async () => {
      const signed = await presign(plain);
      const query = (name: string, value: string): Signed => ({
        ...signed,
        query: { ...signed.query, [name]: value },
      });
      for (const request of [
        { ...signed, body: '{}' },
        query('X-Amz-Expires', '901'),
        query('X-Amz-Expires', '604801'),
        query('X-Amz-Expires', '-1'),
        query('X-Amz-Signature', 'ff'),
        query('more', ''),
        withHeader(signed, 'x-amz-target', 'Kinesis_20131202.DeleteStream'),
      ]) {
        expect(refusal(request)).toEqual(mismatch);
      }
    });

    test('hold for a week at most', async () => {
      const scope = { date: '20250101', region: 'us-east-1' };
      const { 'X-Amz-Signature': _, ...query } = (await presign(plain)).query;
      const withLife = async (expires: string): Promise<Signed> => {
        const request = {
          ...(await presign(plain)),
          query: { ...query, 'X-Amz-Expires': expires },
        };
        const signed = signedNames(query['X-Amz-SignedHeaders']!);
        const payload = hash('sha256', plain.body);
        const hashed = hash('sha256', canonicalRequest(seen(request), { signed, payload }));
        const text = `AWS4-HMAC-SHA256\n20250101T000000Z\n20250101/us-east-1/kinesis/aws4_request\n${hashed}`;
        const signature = new SigningKeys().of(key, scope).hex(text);
        return { ...request, query: { ...request.query, 'X-Amz-Signature': signature } };
      };
      expect(verify(await withLife('604800')).key).toBe(key);
      for (const expires of ['604801', '1e3', '-1']) {
        expect(refusal(await withLife(expires))).toEqual(mismatch);
      }
    });

    test('lack what they lack, in AWS’s words', async () => {
      const signed = await presign(plain);
      const { 'X-Amz-Date': _, 'X-Amz-Signature': __, ...query } = signed.query;
      expect(refusal({ ...signed, query })).toEqual(
        incomplete(
          "AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
        ),
      );
      expect(refusal(withHeader(signed, 'authorization', 'AWS4'))).toEqual(
        invalid(
          "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
        ),
      );
    });
  });
});

test('Hmac is what Node’s is, for any key and text', () => {
  const anyKey = fc.uint8Array({ maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(anyKey, fc.string({ unit: 'grapheme' }), (secret, text) => {
      const expected = createHmac('sha256', secret).update(text).digest();
      const hmac = new Hmac(Buffer.from(secret));
      expect([hmac.bytes(text), hmac.hex(text)]).toEqual([expected, expected.toString('hex')]);
    }),
  );
});

test('SigningKeys keeps a bounded number of them, whatever regions are asked for', () => {
  const made = new SigningKeys();
  const of = (number: number) => made.of(key, { date: '20250101', region: `us-east-${number}` });
  const first = of(0);
  expect(of(0)).toBe(first);
  for (let number = 1; number < signingKeysMax * 3; number++) of(number);
  expect(made.count).toBe(signingKeysMax);
  expect(of(0)).not.toBe(first);
  expect(of(0)).toEqual(first);
});

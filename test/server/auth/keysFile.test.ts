// The keys file: what it may hold, who may own it, and that no sentence about it repeats a secret.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseKeys, readKeysFile } from '../../../src/server/auth/keysFile.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG';
const key = { accessKeyId: 'AKID', secretAccessKey: secret, account: '111122223333' };
const allow = { Effect: 'Allow', Action: 'kinesis:*', Resource: '*' };

function mistake(text: unknown): string {
  try {
    parseKeys(typeof text === 'string' ? text : JSON.stringify(text));
  } catch (thrown) {
    return (thrown as Error).message;
  }
  throw new Error('it was taken');
}

describe('parseKeys()', () => {
  test('takes all that a key may say', () => {
    const policies = [
      { Version: '2012-10-17', Statement: allow },
      JSON.stringify({ Statement: [allow] }),
    ];
    const arn = 'arn:aws:sts::111122223333:assumed-role/reader/me';
    const more = { sessionToken: 'to+ken==', expiration: '2026-01-31T12:00:00Z', arn, policies };
    const [plain, full] = parseKeys(
      JSON.stringify([key, { ...key, accessKeyId: 'ASIA', ...more }]),
    );
    expect(plain).toEqual({ ...key, arn: 'arn:aws:iam::111122223333:root' });
    expect(full).toMatchObject({
      arn,
      sessionToken: 'to+ken==',
      expiresMs: Date.UTC(2026, 0, 31, 12),
    });
    expect(full!.policies).toHaveLength(2);
  });

  test('a key with policies is a user of its own, one without them its account', () => {
    const [user] = parseKeys(JSON.stringify([{ ...key, policies: [] }]));
    expect(user!.arn).toBe('arn:aws:iam::111122223333:user/AKID');
  });

  test.each<[unknown, string]>([
    [`[{"secretAccessKey": "${secret}" x`, 'is no JSON.'],
    [{ keys: [key] }, 'must hold a JSON array of keys.'],
    [[key, secret], 'has no object at key 2.'],
    [[{ ...key, [secret]: 1 }], expect.stringMatching(/^has a member in key 1 that is none of /)],
    [
      [{ ...key, secretAccessKey: 7 }],
      'has no secretAccessKey in key 1, or not one of the right form.',
    ],
    [
      [{ ...key, accessKeyId: secret }],
      'has no accessKeyId in key 1, or not one of the right form.',
    ],
    [[{ ...key, account: '1' }], 'has no account in key 1, or not one of the right form.'],
    [[{ ...key, sessionToken: '' }], 'has no sessionToken in key 1, or not one of the right form.'],
    [
      [{ ...key, arn: 'arn:aws:iam::444455556666:root' }],
      'has no arn in key 1, or not one of the right form.',
    ],
    [
      [{ ...key, expiration: 'soon' }],
      expect.stringMatching(/^has an expiration in key 1 that is no time/),
    ],
    [[key, key], 'has the accessKeyId of key 2 twice.'],
    [[{ ...key, policies: {} }], 'has policies in key 1 that are no array.'],
    [[{ ...key, policies: ['x'] }], 'has a policy 1 in key 1 that is no JSON.'],
    [
      [{ ...key, policies: [{ Statement: { ...allow, Principal: '*' } }] }],
      'has a policy 1 in key 1 that has a statement with a Principal.',
    ],
  ])('refuses %j', (text, expected) => {
    const sentence = mistake(text);
    expect(sentence).toEqual(expected);
    expect(sentence).not.toContain(secret);
  });
});

describe('readKeysFile()', () => {
  const file = async (mode: number, text = JSON.stringify([key])): Promise<string> => {
    const name = path.join(await tempFolder(), 'keys.json');
    writeFileSync(name, text);
    chmodSync(name, mode);
    return name;
  };

  test('takes a file that is its owner’s alone', async () => {
    expect(await readKeysFile(await file(0o600))).toHaveLength(1);
    expect(await readKeysFile(await file(0o400))).toHaveLength(1);
  });

  test('refuses one that others may read or write, one too large, and one that is not there', async () => {
    for (const mode of [0o640, 0o604, 0o620, 0o777]) {
      await expect(readKeysFile(await file(mode))).rejects.toThrow(
        new RegExp(`keys\\.json may be used by others \\(its mode is 0${mode.toString(8)}\\)`),
      );
    }
    await expect(readKeysFile(await file(0o600, ' '.repeat(1024 ** 2 + 1)))).rejects.toThrow(
      /1 MiB/,
    );
    await expect(readKeysFile('/nowhere/keys.json')).rejects.toThrow(/cannot be read: ENOENT/);
  });
});

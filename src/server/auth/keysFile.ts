/**
 * The file that says who may call: a JSON array of keys. It is taken only when it is its owner's alone,
 * and no sentence about it repeats what is in it.
 */
import { open } from 'node:fs/promises';
import { codeOf } from '../../base/errors.ts';
import { isObject } from '../../base/members.ts';
import { type Policy, PolicyMistake, parsePolicy } from '../../kinesis/policy/policy.ts';
import type { AccessKey } from './accessKey.ts';

/** What is wrong with the file, as a sentence for its owner. */
export class KeysMistake extends Error {
  override readonly name = 'KeysMistake';
}

const bytesMax = 1024 ** 2;
const members = [
  ...['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration', 'account', 'arn', 'policies'],
] as const;
type Given = Partial<Record<(typeof members)[number], unknown>>;

/** Throws KeysMistake. */
export async function readKeysFile(path: string): Promise<AccessKey[]> {
  try {
    return parseKeys(await privateText(path));
  } catch (thrown) {
    if (thrown instanceof KeysMistake) throw new KeysMistake(`${path} ${thrown.message}`);
    const code = codeOf(thrown);
    if (code === undefined) throw thrown;
    throw new KeysMistake(`${path} cannot be read: ${code}.`);
  }
}

async function privateText(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { mode, size } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, '0');
      throw new KeysMistake(
        `may be used by others (its mode is ${shown}). Make it yours alone: chmod 600.`,
      );
    }
    if (size > bytesMax) throw new KeysMistake('is larger than 1 MiB.');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Throws KeysMistake, whose message goes on from the file's name. */
export function parseKeys(text: string): AccessKey[] {
  const given = jsonOf(text);
  if (!Array.isArray(given)) throw new KeysMistake('must hold a JSON array of keys.');
  const keys = given.map((value, place) => keyOf(value, `key ${place + 1}`));
  const ids = keys.map(({ accessKeyId }) => accessKeyId);
  const twice = ids.findIndex((id, place) => ids.indexOf(id) !== place);
  if (twice >= 0) throw new KeysMistake(`has the accessKeyId of key ${twice + 1} twice.`);
  return keys;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeysMistake('is no JSON.'); // the parser's own words would repeat a part of it
  }
}

function keyOf(value: unknown, name: string): AccessKey {
  if (!isObject(value)) {
    throw new KeysMistake(`has no object at ${name}.`);
  }
  const given: Given = value;
  const isKnown = (member: string): boolean => (members as readonly string[]).includes(member);
  const other = Object.keys(given).find((member) => !isKnown(member));
  if (other !== undefined) {
    throw new KeysMistake(`has a member in ${name} that is none of ${members.join(', ')}.`);
  }
  const fields = new KeyFields(given, name);
  const accessKeyId = fields.text('accessKeyId', /^[\w+=.@-]{1,128}$/);
  const account = fields.text('account', /^\d{12}$/);
  const policies = policiesOf(given.policies, name);
  return {
    accessKeyId,
    secretAccessKey: fields.text('secretAccessKey', /^.{1,1024}$/s),
    sessionToken: fields.optional('sessionToken', /^[!-~]{1,8192}$/),
    expiresMs: expirationOf(given.expiration, name),
    account,
    arn: fields.arn({ accessKeyId, account, isRoot: policies === undefined }),
    policies,
  };
}

class KeyFields {
  private readonly given: Given;
  private readonly name: string;

  constructor(given: Given, name: string) {
    this.given = given;
    this.name = name;
  }

  text(member: keyof Given, form: RegExp): string {
    const value = this.given[member];
    if (typeof value === 'string' && form.test(value)) return value;
    throw new KeysMistake(`has no ${member} in ${this.name}, or not one of the right form.`);
  }

  optional(member: keyof Given, form: RegExp): string | undefined {
    return this.given[member] === undefined ? undefined : this.text(member, form);
  }

  /** Who the key is when it does not say: its account, or a user of its own name where policies hold. */
  arn(of: { accessKeyId: string; account: string; isRoot: boolean }): string {
    const form = new RegExp(
      `^arn:aws[a-z-]*:(iam::${of.account}:(root|(user|role)/\\S+)|sts::${of.account}:assumed-role/\\S+/\\S+)$`,
    );
    const who = of.isRoot ? 'root' : `user/${of.accessKeyId}`;
    return this.optional('arn', form) ?? `arn:aws:iam::${of.account}:${who}`;
  }
}

/** Milliseconds since 1970 of an ISO 8601 time, as STS tells it. */
function expirationOf(given: unknown, name: string): number | undefined {
  if (given === undefined) return undefined;
  const isTime = typeof given === 'string' && /^\d{4}-\d\d-\d\dT/.test(given);
  const ms = isTime ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new KeysMistake(`has an expiration in ${name} that is no time like 2026-01-31T12:00:00Z.`);
}

function policiesOf(given: unknown, name: string): Policy[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) throw new KeysMistake(`has policies in ${name} that are no array.`);
  return given.map((document, place) => {
    try {
      return parsePolicy(document, 'identity');
    } catch (thrown) {
      if (!(thrown instanceof PolicyMistake)) throw thrown;
      throw new KeysMistake(`has a policy ${place + 1} in ${name} that ${thrown.message}.`);
    }
  });
}

// Policies as IAM decides them: tables of who may do what to which resource, and what is never allowed.
import { describe, expect, test } from 'vitest';
import { evaluate, type PolicyRequest, roleOf } from '../../../src/kinesis/policy/evaluate.ts';
import { matchesArn, matchesGlob } from '../../../src/kinesis/policy/glob.ts';
import { type Policy, parsePolicy } from '../../../src/kinesis/policy/policy.ts';

const account = '111122223333';
const other = '444455556666';
const stream = `arn:aws:kinesis:us-east-1:${account}:stream/orders`;
const consumer = `${stream}/consumer/app:1700000000`;
// As IAM writes variables, which JavaScript would read too.
const variable = ['$', '{aws:username}'].join('');
const user = `arn:aws:iam::${account}:user/reader`;

type Part = Record<string, unknown>;
const allow = (part: Part = {}): Part => ({ Effect: 'Allow', Action: '*', Resource: '*', ...part });
const deny = (part: Part = {}): Part => ({ ...allow(part), Effect: 'Deny' });
const identity = (...Statement: Part[]): Policy => parsePolicy({ Statement }, 'identity');
const resource = (...Statement: Part[]): Policy => parsePolicy({ Statement }, 'resource');
const by = (AWS: unknown, part: Part = {}): Part => allow({ Principal: { AWS }, ...part });

interface Case {
  readonly identity?: Policy[] | undefined;
  readonly resource?: Policy;
  readonly principal?: string;
  readonly action?: string;
  readonly on?: string;
  readonly context?: Record<string, string | undefined>;
}

function decide(given: Case) {
  const { principal = user, action = 'kinesis:PutRecord', on = stream, context = {} } = given;
  const request: PolicyRequest = {
    principal: { arn: principal, account: principal.split(':')[4]! },
    action,
    resource: on,
    resourceAccount: on.split(':')[4] || account,
    context: new Map(Object.entries(context)),
  };
  return evaluate(request, { identity: given.identity, resource: given.resource });
}

const allows = (given: Case): boolean => decide({ identity: [], ...given }).isAllowed;

describe('matchesGlob()', () => {
  test.each([
    ['', '', true],
    ['', '*', true],
    ['a', '', false],
    ['abc', 'a*c', true],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['abcbd', 'a*b?', true],
    ['aXbXc', '*X*X*', true],
    ['abc', '***', true],
    ['abc', 'abcd', false],
    ['abc', 'ab', false],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
  ])('%j against %j', (text, pattern, expected) => {
    expect(matchesGlob(text, pattern)).toBe(expected);
  });

  test('a hostile pattern costs no more than its length allows', () => {
    expect(matchesGlob('a'.repeat(2000), `${'*a'.repeat(900)}b`)).toBe(false);
  });
});

test.each([
  [stream, stream, true],
  [stream, '*', true],
  [stream, 'arn:aws:kinesis:*:*:stream/*', true],
  [stream, 'arn:aws:kinesis:*:stream/orders', false],
  [stream, 'arn:*', false],
  [stream, `arn:aws:kinesis:us-east-1:${account}:stream/ord?rs`, true],
  [stream, `arn:aws:kinesis:us-east-1:${account}:stream/Orders`, false],
  [consumer, `${stream}/consumer/app:*`, true],
  [consumer, `${stream}/consumer/*`, true],
  [consumer, `${stream}*`, true],
  [consumer, stream, false],
  ['*', '*', true],
  ['*', 'arn:aws:kinesis:*:*:*', false],
])('matchesArn() of %s against %s', (arn, pattern, expected) => {
  expect(matchesArn(arn, pattern)).toBe(expected);
});

describe('evaluate() by identity policies', () => {
  test.each<[string, Part[], boolean]>([
    ['no statement', [], false],
    ['allow of all', [allow()], true],
    ['allow and deny', [allow(), deny()], false],
    ['deny first', [deny(), allow()], false],
    ['allow of the action', [allow({ Action: 'kinesis:PutRecord' })], true],
    ['allow in other letters', [allow({ Action: 'KINESIS:putrecord' })], true],
    ['allow by wildcard', [allow({ Action: ['kinesis:Get*', 'kinesis:Put*'] })], true],
    ['allow of another action', [allow({ Action: 'kinesis:PutRecords' })], false],
    ['allow of another service', [allow({ Action: 'dynamodb:*' })], false],
    ['allow of all but it', [allow({ Action: undefined, NotAction: 'kinesis:PutRecord' })], false],
    ['allow of the stream', [allow({ Resource: stream })], true],
    ['allow of its consumers', [allow({ Resource: `${stream}/consumer/*` })], false],
    ['deny of another stream', [allow(), deny({ Resource: `${stream}2` })], true],
  ])('%s', (_, parts, expected) => {
    const cleaned = parts.map((part) =>
      Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)),
    );
    expect(allows({ identity: [identity(...cleaned)] })).toBe(expected);
  });

  test('all of them count together, and the root needs none', () => {
    expect(allows({ identity: [identity(), identity(allow())] })).toBe(true);
    expect(allows({ identity: [identity(deny()), identity(allow())] })).toBe(false);
    expect(allows({ identity: undefined })).toBe(true);
  });
});

describe('evaluate() by resource policies', () => {
  const role = `arn:aws:iam::${account}:role/writer`;
  const session = `arn:aws:sts::${account}:assumed-role/writer/me`;

  test.each<[string, Part, Case, boolean]>([
    ['names the user', by(user), {}, true],
    ['names everybody', by('*'), {}, true],
    ['names another user', by(`${user}2`), {}, false],
    ['does not take wildcards for users', by(`arn:aws:iam::${account}:user/*`), {}, false],
    ['names the account: left to identity policies', by(account), {}, false],
    ['names its root', by(`arn:aws:iam::${account}:root`), {}, false],
    [
      'names the root, who calls',
      by(`arn:aws:iam::${account}:root`),
      { principal: `arn:aws:iam::${account}:root` },
      true,
    ],
    ['names the role of a session', by(role), { principal: session }, true],
    ['names the session', by(session), { principal: session }, true],
    ['names another role', by(`${role}2`), { principal: session }, false],
    ['names a service', allow({ Principal: { Service: 'lambda.amazonaws.com' } }), {}, false],
    ['is of another resource', by(user, { Resource: `${stream}2` }), {}, false],
  ])('that %s', (_, part, given, expected) => {
    expect(allows({ resource: resource(part), ...given })).toBe(expected);
  });

  test('deny by account or by name whatever identity policies say', () => {
    for (const who of [user, account, `arn:aws:iam::${account}:root`, '*']) {
      const denying = resource({ ...by(who), Effect: 'Deny' });
      expect(decide({ identity: [identity(allow())], resource: denying }).reason).toBe(
        'with an explicit deny in a resource-based policy',
      );
      expect(decide({ identity: undefined, resource: denying }).isAllowed).toBe(false);
    }
  });

  test('of another account let in only whom both sides allow', () => {
    const principal = `arn:aws:iam::${other}:user/guest`;
    const no = (kind: string) =>
      `because no ${kind}-based policy allows the kinesis:PutRecord action`;
    const reasonOf = (given: Case) => decide({ principal, ...given }).reason;
    const [mine, theirs] = [[identity(allow())], resource(by(other))];
    expect(reasonOf({ identity: [], resource: theirs })).toBe(no('identity'));
    expect(reasonOf({ identity: mine })).toBe(no('resource'));
    expect(reasonOf({ identity: undefined })).toBe(no('resource'));
    expect(reasonOf({ identity: mine, resource: theirs })).toBe('');
    expect(reasonOf({ identity: mine, resource: resource(by(principal)) })).toBe('');
    expect(reasonOf({ identity: mine, resource: resource(by(account)) })).toBe(no('resource'));
  });
});

describe('evaluate() of conditions', () => {
  const context = {
    'aws:principalarn': user,
    'aws:principalaccount': account,
    'aws:securetransport': 'false',
    'aws:epochtime': '1000',
    'aws:sourceaccount': undefined,
  };

  test.each<[string, Part, boolean]>([
    ['StringEquals', { 'aws:PrincipalAccount': account }, true],
    ['StringEquals', { 'AWS:principalaccount': [other, account] }, true],
    ['StringEquals', { 'aws:PrincipalAccount': other }, false],
    ['StringEquals', { 'aws:SourceAccount': account }, false],
    ['StringEqualsIfExists', { 'aws:SourceAccount': account }, true],
    ['StringEqualsIfExists', { 'aws:PrincipalAccount': other }, false],
    ['StringNotEquals', { 'aws:PrincipalAccount': other }, true],
    ['StringNotEquals', { 'aws:PrincipalAccount': [other, account] }, false],
    ['StringNotEquals', { 'aws:SourceAccount': account }, true],
    ['StringEqualsIgnoreCase', { 'aws:PrincipalArn': user.toUpperCase() }, true],
    ['StringLike', { 'aws:PrincipalArn': '*:user/r??der' }, true],
    ['StringNotLike', { 'aws:PrincipalArn': '*:user/*' }, false],
    ['ArnLike', { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/*` }, true],
    ['ArnEquals', { 'aws:PrincipalArn': 'arn:aws:iam::*:user/reader' }, true],
    ['ArnNotLike', { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/*` }, false],
    ['ArnLike', { 'aws:PrincipalArn': 'arn:aws:iam:*reader' }, false],
    ['Bool', { 'aws:SecureTransport': false }, true],
    ['Bool', { 'aws:SecureTransport': 'true' }, false],
    ['NumericLessThan', { 'aws:EpochTime': 1001 }, true],
    ['NumericLessThan', { 'aws:EpochTime': '1000' }, false],
    ['NumericLessThanEquals', { 'aws:EpochTime': '1000' }, true],
    ['NumericGreaterThan', { 'aws:EpochTime': '999' }, true],
    ['NumericLessThan', { 'aws:EpochTime': 'soon' }, false],
    ['Null', { 'aws:SourceAccount': 'true' }, true],
    ['Null', { 'aws:SourceAccount': 'false' }, false],
    ['Null', { 'aws:PrincipalArn': 'false' }, true],
  ])('%s %j', (operator, keys, expected) => {
    const Condition = { [operator]: keys };
    expect(allows({ identity: [identity(allow({ Condition }))], context })).toBe(expected);
    // A deny under the same condition denies exactly where the allow allows.
    const denying = identity(allow(), deny({ Condition }));
    expect(allows({ identity: [denying], context })).toBe(!expected);
  });

  test('all operators and keys must hold', () => {
    const Condition = {
      Bool: { 'aws:SecureTransport': 'false' },
      StringEquals: { 'aws:PrincipalAccount': account, 'aws:PrincipalArn': 'x' },
    };
    expect(allows({ identity: [identity(allow({ Condition }))], context })).toBe(false);
  });

  test.each<[string, Part, string]>([
    [
      'an operator',
      { Condition: { IpAddress: { 'aws:PrincipalArn': '::1' } } },
      'condition operator IpAddress',
    ],
    [
      'a set operator',
      { Condition: { 'ForAnyValue:StringEquals': { 'aws:PrincipalArn': user } } },
      'condition operator ForAnyValue:StringEquals',
    ],
    [
      'a key',
      { Condition: { StringEquals: { 'aws:SourceIp': '::1' } } },
      'condition key aws:SourceIp',
    ],
    [
      'a name of every object',
      { Condition: { constructor: { 'aws:PrincipalArn': 'x' } } },
      'condition operator constructor',
    ],
    [
      'a variable in a value',
      { Condition: { StringEquals: { 'aws:PrincipalArn': variable } } },
      'a variable at aws:PrincipalArn',
    ],
    ['a variable in a resource', { Resource: `${stream}${variable}` }, `${stream}${variable}`],
    ['a member', { Resources: 'x' }, 'Resources'],
  ])('%s that is not known denies, and is told', (_, part, told) => {
    const allowing = decide({ identity: [identity(allow(part))], context });
    expect([allowing.isAllowed, allowing.unknown]).toEqual([false, [told]]);
    const denying = decide({ identity: [identity(allow(), deny(part))], context });
    expect([denying.isAllowed, denying.unknown]).toEqual([false, [told]]);
    const elsewhere = identity(allow(), deny({ ...part, Action: 'kinesis:DeleteStream' }));
    expect(decide({ identity: [elsewhere], context }).isAllowed).toBe(true);
  });

  test('NotPrincipal denies and never allows', () => {
    const part = { NotPrincipal: { AWS: user }, Action: '*', Resource: '*' };
    expect(allows({ resource: resource({ ...part, Effect: 'Allow' }) })).toBe(false);
    const denying = resource({ ...part, Effect: 'Deny' });
    expect(allows({ identity: [identity(allow())], resource: denying })).toBe(false);
  });
});

describe('parsePolicy()', () => {
  test.each<[unknown, string]>([
    ['{', 'is no JSON'],
    ['[]', 'is no JSON object'],
    [{}, 'has a Statement that is no object'],
    [{ Statement: allow(), Statment: 1 }, 'has an unknown member "Statment"'],
    [
      { Statement: allow({ Effect: 'allow' }) },
      'has a statement whose Effect is neither Allow nor Deny',
    ],
    [
      { Statement: allow({ NotAction: 'x' }) },
      'has a statement without Action or with both Action and NotAction',
    ],
    [
      { Statement: { Effect: 'Allow', Action: '*' } },
      'has a statement without Resource or with both Resource and NotResource',
    ],
    [
      { Statement: allow({ Action: {} }) },
      'has a statement whose Action is neither text nor a list of texts',
    ],
    [{ Statement: allow({ Condition: [] }) }, 'has a Condition that is no object'],
    [{ Statement: allow({ Principal: '*' }) }, 'has a statement with a Principal'],
  ])('refuses %j', (document, message) => {
    expect(() => parsePolicy(document, 'identity')).toThrow(message);
  });

  test('a resource policy needs a principal', () => {
    expect(() => parsePolicy({ Statement: allow() }, 'resource')).toThrow(
      'has a statement without a Principal',
    );
  });
});

test('roleOf() is the role of a session and any other ARN as it is', () => {
  expect(roleOf(`arn:aws-cn:sts::${account}:assumed-role/a/b`)).toBe(
    `arn:aws-cn:iam::${account}:role/a`,
  );
  expect(roleOf(user)).toBe(user);
});

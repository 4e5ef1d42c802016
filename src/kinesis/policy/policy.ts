/**
 * Policies of IAM as data: reads a document into statements. What it does not know it keeps by name and
 * never leaves out: whoever evaluates must not allow by it.
 */
import { isObject, type Members } from '../../base/members.ts';

/** Patterns of which one is to match, or, when negated, none. */
export interface Patterns {
  readonly isNegated: boolean;
  readonly patterns: readonly string[];
}

/** `operator` as it is written, with `IfExists`. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  readonly resources: Patterns;
  /** Of a resource policy: ARNs, account numbers or `*`. */
  readonly principals: readonly string[];
  readonly conditions: readonly Condition[];
  /** What is written in it that nobody here can judge. */
  readonly unknown: readonly string[];
}

export interface Policy {
  readonly statements: readonly Statement[];
}

export type PolicyKind = 'identity' | 'resource';

/** A document that is no policy; the message says why, as the end of a sentence. */
export class PolicyMistake extends Error {
  override readonly name = 'PolicyMistake';
}

const policyMembers = ['Version', 'Id', 'Statement'];
const statementMembers = new Set([
  ...[
    'Sid',
    'Effect',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Principal',
    'NotPrincipal',
  ],
  'Condition',
]);

/** Throws PolicyMistake. */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  const value = typeof document === 'string' ? jsonOf(document) : document;
  if (!isObject(value)) throw new PolicyMistake('is no JSON object');
  const other = Object.keys(value).find((name) => !policyMembers.includes(name));
  if (other !== undefined) throw new PolicyMistake(`has an unknown member "${other}"`);
  const { Statement: given } = value;
  const statements = Array.isArray(given) ? given : [given];
  return { statements: statements.map((statement) => statementOf(statement, kind)) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyMistake('is no JSON');
  }
}

function statementOf(given: unknown, kind: PolicyKind): Statement {
  if (!isObject(given)) throw new PolicyMistake('has a Statement that is no object');
  const { Effect: effect } = given;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyMistake('has a statement whose Effect is neither Allow nor Deny');
  }
  const actions = patternsOf(given, 'Action');
  const resources = patternsOf(given, 'Resource');
  const conditions = conditionsOf(given.Condition);
  const unknown = Object.keys(given).filter((name) => !statementMembers.has(name));
  unknown.push(...[...actions.patterns, ...resources.patterns].filter(hasVariable));
  if ('NotPrincipal' in given) unknown.push('NotPrincipal');
  const principals = principalsOf(given, kind);
  return { effect, actions, resources, principals, conditions, unknown };
}

/** `${aws:username}` and the like. */
export const hasVariable = (text: string): boolean => text.includes('${');

function patternsOf(given: Members, name: 'Action' | 'Resource'): Patterns {
  const negated = `Not${name}`;
  if (name in given === negated in given) {
    throw new PolicyMistake(`has a statement without ${name} or with both ${name} and ${negated}`);
  }
  const isNegated = negated in given;
  return { isNegated, patterns: textsOf(given[isNegated ? negated : name], name) };
}

function textsOf(given: unknown, name: string): string[] {
  const all = Array.isArray(given) ? given : [given];
  const texts = all.map((value) =>
    typeof value === 'boolean' || typeof value === 'number' ? String(value) : value,
  );
  if (texts.every((value) => typeof value === 'string')) return texts;
  throw new PolicyMistake(`has a statement whose ${name} is neither text nor a list of texts`);
}

/** Of all kinds of principals only AWS's own can call here. */
function principalsOf(given: Members, kind: PolicyKind): string[] {
  const { Principal: principal } = given;
  const isGiven = principal !== undefined || 'NotPrincipal' in given;
  if (isGiven !== (kind === 'resource')) {
    const rule = kind === 'resource' ? 'without a Principal' : 'with a Principal';
    throw new PolicyMistake(`has a statement ${rule}`);
  }
  if (principal === undefined) return [];
  if (principal === '*') return ['*'];
  if (!isObject(principal))
    throw new PolicyMistake('has a Principal that is neither "*" nor an object');
  return 'AWS' in principal ? textsOf(principal.AWS, 'Principal') : [];
}

function conditionsOf(given: unknown): Condition[] {
  if (given === undefined) return [];
  if (!isObject(given)) throw new PolicyMistake('has a Condition that is no object');
  return Object.entries(given).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw new PolicyMistake(`has a ${operator} that is no object`);
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: textsOf(values, 'Condition'),
    }));
  });
}

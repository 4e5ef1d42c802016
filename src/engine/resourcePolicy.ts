/**
 * What a policy must look like to be kept. It says what is wrong with a document, never what a policy allows:
 * that is weighed where signatures are verified, by the document as it was given.
 */
import { isObject, type Members } from '../base/members.ts';
import { policyBytesMax } from '../kinesis/limits.ts';
import { PolicyMistake, parsePolicy } from '../kinesis/policy/policy.ts';
import { badPolicy } from '../kinesis/policyErrors.ts';

/** What GetResourcePolicy answers for a resource without a policy. @source measured */
export const emptyPolicy = '{}';

/** Which documents are kept. One place, so that it can be corrected. @source guessed: all of it. */
const policyRules = {
  versions: ['2012-10-17', '2008-10-17'] as readonly unknown[],
  effects: ['Allow', 'Deny'] as readonly unknown[],
  /** All, or some of Kinesis. */
  action: /^(\*|kinesis:[A-Za-z*?]+)$/,
  /** Every statement speaks of the resource itself: no patterns, no other ARNs. */
  isOwnResource: (named: string, arn: string): boolean => named === arn,
};

const utf8 = new TextEncoder();

/** Throws InvalidArgument with what is wrong with `text` as the policy of `arn`. */
export function checkPolicy(text: string, arn: string): void {
  if (utf8.encode(text).length > policyBytesMax) {
    throw badPolicy(`it is longer than ${policyBytesMax} bytes.`);
  }
  const { Version, Statement } = parsed(text);
  if (Version !== undefined && !policyRules.versions.includes(Version)) {
    throw badPolicy('its Version must be 2012-10-17.');
  }
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  if (Statement === undefined || statements.length === 0) throw badPolicy('it has no Statement.');
  for (const statement of statements) checkStatement(statement, arn);
  checkReadable(text);
}

/** One that could not be read when calls are weighed would let nobody in. */
function checkReadable(text: string): void {
  try {
    parsePolicy(text, 'resource');
  } catch (thrown) {
    throw thrown instanceof PolicyMistake ? badPolicy(`it ${thrown.message}.`) : thrown;
  }
}

function parsed(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badPolicy('it is no JSON.');
  }
  if (!isObject(value)) throw badPolicy('it must be one JSON object.');
  return value;
}

function checkStatement(statement: unknown, arn: string): void {
  if (!isObject(statement)) throw badPolicy('a Statement must be an object.');
  const { Effect, Principal, NotPrincipal, Resource } = statement;
  if (!policyRules.effects.includes(Effect)) {
    throw badPolicy('the Effect of a Statement must be Allow or Deny.');
  }
  if (Principal === undefined && NotPrincipal === undefined) {
    throw badPolicy('a Statement must name its Principal.');
  }
  checkActions(statement);
  const resources = texts(Resource);
  if (!resources?.every((named) => policyRules.isOwnResource(named, arn))) {
    throw badPolicy(`the Resource of a Statement must be ${arn}.`);
  }
}

function checkActions({ Action, NotAction }: Members): void {
  const actions = texts(Action ?? NotAction);
  if (!actions) throw badPolicy('a Statement must name its Action.');
  const odd = actions.find((action) => !policyRules.action.test(action));
  if (odd !== undefined) throw badPolicy(`${odd} is no Action of Kinesis.`);
}

/** One text or a list of some; undefined for everything else. */
function texts(value: unknown): readonly string[] | undefined {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const isTexts = list.length > 0 && list.every((item) => typeof item === 'string');
  return isTexts ? (list as string[]) : undefined;
}

/**
 * Whether a call is allowed by policies, as IAM decides it: an explicit deny wins, and without an allow it
 * is refused. What it cannot judge never allows: an allow with it does not count, a deny does.
 */
import { type ConditionContext, holds } from './conditions.ts';
import { matchesArn, matchesGlob } from './glob.ts';
import {
  hasVariable,
  type Patterns,
  type Policy,
  type PolicyKind,
  type Statement,
} from './policy.ts';

export interface Principal {
  /** `arn:aws:iam::111122223333:user/reader` */
  readonly arn: string;
  readonly account: string;
}

export interface PolicyRequest {
  readonly principal: Principal;
  /** `kinesis:PutRecord` */
  readonly action: string;
  /** An ARN, or `*` for what belongs to no resource. */
  readonly resource: string;
  /** Whose resource it is. */
  readonly resourceAccount: string;
  readonly context: ConditionContext;
}

export interface Policies {
  /** Undefined: the account's root, whom none restricts. */
  readonly identity: readonly Policy[] | undefined;
  readonly resource: Policy | undefined;
}

export interface Decision {
  readonly isAllowed: boolean;
  /** The end of AWS's sentence; empty when it is allowed. */
  readonly reason: string;
  /** What in the policies could not be judged; each was taken against the call. */
  readonly unknown: readonly string[];
}

/** @source documented: the order and the reasons. */
export function evaluate(request: PolicyRequest, policies: Policies): Decision {
  const unknown: string[] = [];
  const look = (kind: PolicyKind, all: readonly Policy[]): Findings =>
    findings(all, { request, kind, unknown });
  const identity = look('identity', policies.identity ?? []);
  const resource = look('resource', policies.resource ? [policies.resource] : []);
  const reason = reasonAgainst(request, { identity, resource, isRoot: !policies.identity });
  return { isAllowed: reason === '', reason, unknown };
}

interface Findings {
  readonly isDenied: boolean;
  readonly isAllowed: boolean;
  /** Allowed to the caller itself and not only to its account. */
  readonly isNamed: boolean;
}

function reasonAgainst(
  { principal, resourceAccount, action }: PolicyRequest,
  { identity, resource, isRoot }: { identity: Findings; resource: Findings; isRoot: boolean },
): string {
  if (identity.isDenied) return 'with an explicit deny in an identity-based policy';
  if (resource.isDenied) return 'with an explicit deny in a resource-based policy';
  const byIdentity = isRoot || identity.isAllowed;
  if (principal.account === resourceAccount) {
    // To name an account leaves it to that account's identity policies.
    return byIdentity || resource.isNamed ? '' : noneAllows('identity', action);
  }
  if (!byIdentity) return noneAllows('identity', action);
  return resource.isAllowed ? '' : noneAllows('resource', action);
}

const noneAllows = (kind: PolicyKind, action: string): string =>
  `because no ${kind}-based policy allows the ${action} action`;

interface Look {
  readonly request: PolicyRequest;
  readonly kind: PolicyKind;
  readonly unknown: string[];
}

function findings(policies: readonly Policy[], look: Look): Findings {
  let [isDenied, isAllowed, isNamed] = [false, false, false];
  for (const statement of policies.flatMap(({ statements }) => statements)) {
    const who = look.kind === 'identity' ? 'self' : namedIn(statement, look.request.principal);
    if (who === undefined || !applies(statement, look)) continue;
    isDenied ||= statement.effect === 'Deny';
    isAllowed ||= statement.effect === 'Allow';
    isNamed ||= statement.effect === 'Allow' && who === 'self';
  }
  return { isDenied, isAllowed, isNamed };
}

/** How a resource policy's statement means the caller: itself, or by its account. */
function namedIn(
  { principals, unknown }: Statement,
  { arn, account }: Principal,
): 'self' | 'account' | undefined {
  const isSelf = (given: string): boolean =>
    given === '*' || given === arn || given === roleOf(arn);
  if (principals.some(isSelf) || unknown.includes('NotPrincipal')) return 'self';
  const isAccount = (given: string): boolean =>
    given === account || /^arn:[^:]+:iam::(\d{12}):root$/.exec(given)?.[1] === account;
  return principals.some(isAccount) ? 'account' : undefined;
}

/** The role of a session; any other ARN as it is. */
export function roleOf(arn: string): string {
  return arn.replace(
    /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/,
    'arn:$1:iam::$2:role/$3',
  );
}

/** Whether the statement is about the call. What cannot be judged counts for a deny and not for an allow. */
function applies(statement: Statement, { request, unknown }: Look): boolean {
  const { actions, resources, conditions, effect } = statement;
  const action = request.action.toLowerCase();
  if (!mayMatch(actions, (pattern) => matchesGlob(action, pattern.toLowerCase()))) return false;
  if (!mayMatch(resources, (pattern) => matchesArn(request.resource, pattern))) return false;
  const answers = conditions.map((condition) => holds(condition, request.context));
  if (answers.includes(false)) return false;
  const unsure = [...statement.unknown, ...answers.filter((answer) => typeof answer === 'string')];
  unknown.push(...unsure);
  return unsure.length === 0 || effect === 'Deny';
}

/** A pattern with a variable may match anything; its statement is unsure. */
const mayMatch = (
  { patterns, isNegated }: Patterns,
  matches: (pattern: string) => boolean,
): boolean =>
  patterns.some((pattern) => (hasVariable(pattern) ? !isNegated : matches(pattern))) !== isNegated;

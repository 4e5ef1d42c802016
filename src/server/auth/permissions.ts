/**
 * Lets a call pass that policies allow to its caller, and refuses any other in AWS's words. It is asked
 * after the signature was verified and before anything is done.
 */
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import { KinesisError } from '../../kinesis/errors.ts';
import {
  type Decision,
  evaluate,
  type PolicyRequest,
  roleOf,
} from '../../kinesis/policy/evaluate.ts';
import { type Policy, PolicyMistake, parsePolicy } from '../../kinesis/policy/policy.ts';
import type { Caller } from './callers.ts';
import { actionsOf, resourcesOf, type TokenStreams } from './resources.ts';

/** Where policies of streams and consumers are kept. */
export interface ResourcePolicies {
  /** The document put for that ARN, as it was put; undefined when there is none. */
  policyOf(resourceArn: string): string | undefined;
}

export interface PermissionParts {
  readonly policies: ResourcePolicies | undefined;
  readonly tokens: TokenStreams | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A call by a caller whose signature holds. */
export interface AskedCall {
  readonly input: object;
  readonly caller: Caller;
  readonly userAgent: string | undefined;
  /** It came in TLS. */
  readonly isSecure: boolean;
}

/** Sentences that were logged, and documents that were read, are remembered up to here. */
const rememberedMax = 256;
const deniesAll: Policy = {
  statements: [
    {
      effect: 'Deny',
      actions: { isNegated: false, patterns: ['*'] },
      resources: { isNegated: false, patterns: ['*'] },
      principals: ['*'],
      conditions: [],
      unknown: [],
    },
  ],
};

export class Permissions {
  private readonly parts: PermissionParts;
  private readonly documents = new Map<string, Policy>();
  private readonly told = new Set<string>();

  constructor(parts: PermissionParts) {
    this.parts = parts;
  }

  /** Throws AccessDeniedException. Callers that have no identity are not asked for permission. */
  check(operation: string, call: AskedCall): void {
    const { identity, region } = call.caller;
    if (!identity) return;
    const { tokens } = this.parts;
    const asking = { account: identity.account, region: region ?? '', tokens };
    const resources = resourcesOf(operation, { input: call.input, asking });
    for (const action of actionsOf(operation, call.input)) {
      for (const resource of resources) this.checkOne(call, { action, resource });
    }
  }

  private checkOne(call: AskedCall, { action, resource }: { action: string; resource: string }) {
    const { arn, account, policies: identity } = call.caller.identity!;
    const ofResource = this.policyOf(resource);
    const resourceAccount = accountOf(resource) ?? account;
    if (!identity && !ofResource && account === resourceAccount) return;
    const principal = { arn, account };
    const context = this.contextOf(call, { resourceAccount });
    const request: PolicyRequest = { principal, action, resource, resourceAccount, context };
    const decision = evaluate(request, { identity, resource: ofResource });
    this.tell(decision, action);
    if (!decision.isAllowed) throw accessDenied({ arn, action, resource, decision });
  }

  private contextOf(
    { caller, userAgent, isSecure }: AskedCall,
    { resourceAccount }: { resourceAccount: string },
  ): PolicyRequest['context'] {
    const { arn, account } = caller.identity!;
    const nowMs = this.parts.clock.now();
    return new Map<string, string | undefined>([
      ['aws:principalarn', roleOf(arn)],
      ['aws:principalaccount', account],
      ['aws:resourceaccount', resourceAccount],
      ['aws:requestedregion', caller.region],
      ['aws:securetransport', String(isSecure)],
      ['aws:epochtime', String(Math.floor(nowMs / 1000))],
      ['aws:useragent', userAgent],
      ...onlyOfServices.map((key): [string, undefined] => [key, undefined]),
    ]);
  }

  private policyOf(resource: string): Policy | undefined {
    const document = this.parts.policies?.policyOf(resource);
    if (document === undefined || document === '' || document === '{}') return undefined;
    const known = this.documents.get(document);
    if (known) return known;
    const policy = this.read(document, resource);
    if (this.documents.size >= rememberedMax) this.documents.clear();
    this.documents.set(document, policy);
    return policy;
  }

  /** One that cannot be read may have held a deny. */
  private read(document: string, resource: string): Policy {
    try {
      return parsePolicy(document, 'resource');
    } catch (thrown) {
      if (!(thrown instanceof PolicyMistake)) throw thrown;
      this.say(`The policy of ${resource} ${thrown.message}: nobody is let in by it.`);
      return deniesAll;
    }
  }

  private tell({ unknown }: Decision, action: string): void {
    for (const what of unknown) {
      this.say(
        `A policy for ${action} holds what is not judged here, so it does not allow: ${what}`,
      );
    }
  }

  private say(sentence: string): void {
    if (this.told.has(sentence) || this.told.size >= rememberedMax) return;
    this.told.add(sentence);
    // Policies are put by callers: theirs must not look like lines of the log.
    this.parts.logger.warn(JSON.stringify(sentence).slice(1, -1));
  }
}

/** Set when one of AWS's services calls for somebody, or of organizations and networks: never here. */
const onlyOfServices = [
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:principalorgid',
  'aws:sourcevpc',
  'aws:sourcevpce',
];

const accountOf = (arn: string): string | undefined => arn.split(':')[4] || undefined;

/** @source documented */
function accessDenied(of: {
  arn: string;
  action: string;
  resource: string;
  decision: Decision;
}): KinesisError {
  return new KinesisError(
    'AccessDeniedException',
    `User: ${of.arn} is not authorized to perform: ${of.action} on resource: ${of.resource} ` +
      of.decision.reason,
  );
}

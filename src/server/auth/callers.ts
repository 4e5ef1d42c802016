/**
 * Who calls: by what the request claims, by a claim of the right form, or by a signature that holds. With
 * `verify` nothing else than a configured key, or the lock's nonce, opens a call.
 */
import type { Clock } from '../../base/clock.ts';
import { KinesisError } from '../../kinesis/errors.ts';
import { type CredentialScope, credentialScope } from '../credentialScope.ts';
import { holdsNonce } from '../guard.ts';
import type { AccessKey } from './accessKey.ts';
import type { SignedRequest } from './canonicalRequest.ts';
import { claimOf } from './claim.ts';
import { Signatures } from './signatures.ts';

/**
 * What a call needs: `any`: nothing; `shape`: credentials of the right form; `verify`: a signature by one
 * of the keys.
 */
export type AuthMode = 'any' | 'shape' | 'verify';
export const authModes = ['any', 'shape', 'verify'] as const satisfies readonly AuthMode[];

export interface AuthSettings {
  readonly mode: AuthMode;
  /** In the other modes they only say which account a key belongs to. */
  readonly keys: readonly AccessKey[];
}

export interface Caller extends CredentialScope {
  /** The extension's own reading. */
  readonly own: boolean;
  /** Whose signature was verified; only then permissions are asked for. */
  readonly identity?: AccessKey | undefined;
}

export interface CallerParts {
  readonly auth: AuthSettings | undefined;
  readonly nonce: string;
  readonly clock: Clock;
}

export class Callers {
  private readonly mode: AuthMode;
  private readonly nonce: string;
  private readonly keys: ReadonlyMap<string, AccessKey>;
  private readonly signatures: Signatures;

  constructor({ auth, nonce, clock }: CallerParts) {
    this.mode = auth?.mode ?? 'any';
    this.nonce = nonce;
    this.keys = new Map(auth?.keys.map((key) => [key.accessKeyId, key]));
    this.signatures = new Signatures({ keys: this.keys, clock });
  }

  /** Throws AWS's exception for credentials that do not do. */
  of(request: SignedRequest, body: Buffer): Caller {
    const own = this.holdsNonce(request.header('x-shardscope-nonce'));
    const isFree = this.mode === 'any' || own || this.isWindow(request);
    if (!isFree && this.mode === 'verify') return this.verified(request, body);
    if (!isFree) this.checkForm(request);
    return this.claimed(request, own);
  }

  /** What is wrong with the form of a request's credentials; undefined where nobody looks at it. */
  misshapen(request: SignedRequest): KinesisError | undefined {
    if (this.mode === 'any') return undefined;
    const claim = claimOf(request);
    return claim instanceof KinesisError ? claim : undefined;
  }

  private verified(request: SignedRequest, body: Buffer): Caller {
    const { key, region } = this.signatures.verify(request, body);
    const { account, accessKeyId } = key;
    return { account, region, accessKeyId, own: false, identity: key };
  }

  private checkForm(request: SignedRequest): void {
    const refusal = this.misshapen(request);
    if (refusal) throw refusal;
  }

  private claimed(request: SignedRequest, own: boolean): Caller {
    const scope = credentialScope(request.header('authorization'));
    const { region, accessKeyId } = scope;
    const key = this.keys.size > 0 ? this.keys.get(accessKeyId ?? '') : undefined;
    return { account: key?.account ?? scope.account, region, accessKeyId, own };
  }

  /** What a user asks for in a window has no key of its own, and counts as a call like any other. */
  private isWindow(request: SignedRequest): boolean {
    return this.holdsNonce(request.header('x-shardscope-window'));
  }

  private holdsNonce(given: string | undefined): boolean {
    return given !== undefined && holdsNonce(given, this.nonce);
  }
}

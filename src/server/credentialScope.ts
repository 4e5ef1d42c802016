/** Who calls, as far as the Authorization header says. Signatures are not verified. */

export interface CredentialScope {
  /** Twelve digits; only when the access key is made of them. A convention of emulators, not of AWS. */
  readonly account?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
}

const credential =
  /Credential=([^/\s,]{1,128})\/\d{8}\/([a-z0-9-]{1,64})\/[a-z0-9-]+\/aws4_request/;

let lastCredential = '\n';
let lastScope: CredentialScope = {};

/** Account, region and key of a SigV4 header; empty when there is none that can be read. */
export function credentialScope(authorization: string | undefined): CredentialScope {
  // Only the signature differs from one request of a client to its next.
  if (authorization?.startsWith(lastCredential)) return lastScope;
  const scope = scopeIn(authorization);
  const end = authorization?.indexOf(',') ?? -1;
  if (authorization !== undefined && end > 0) {
    lastCredential = authorization.slice(0, end + 1);
    lastScope = scope;
  }
  return scope;
}

function scopeIn(authorization: string | undefined): CredentialScope {
  const match = authorization === undefined ? null : credential.exec(authorization);
  if (!match) return {};
  const [, accessKeyId, region] = match as unknown as [string, string, string];
  return /^\d{12}$/.test(accessKeyId)
    ? { account: accessKeyId, region, accessKeyId }
    : { region, accessKeyId };
}

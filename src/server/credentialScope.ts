/** Who calls, as far as the Authorization header says. Signatures are not verified. */

export interface CredentialScope {
  /** Twelve digits; only when the access key is made of them. A convention of emulators, not of AWS. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
}

const credential =
  /Credential=([^/\s,]{1,128})\/\d{8}\/([a-z0-9-]{1,64})\/[a-z0-9-]+\/aws4_request/;

/** A header up to its credential and the comma behind it; no header begins with the first value. */
let lastCredential = '\n';
let lastScope: CredentialScope = {};

/** Account, region and key of a SigV4 header; empty when there is none that can be read. */
export function credentialScope(authorization: string | undefined): CredentialScope {
  // Only the signature differs from one request of a client to its next.
  if (authorization?.startsWith(lastCredential)) return lastScope;
  const match = authorization === undefined ? null : credential.exec(authorization);
  if (!match) return {};
  const scope = scopeOf(match as unknown as [string, string, string]);
  const end = match.index + match[0].length;
  if (match.input[end] === ',') {
    lastCredential = match.input.slice(0, end + 1);
    lastScope = scope;
  }
  return scope;
}

function scopeOf([, key, region]: [string, string, string]): CredentialScope {
  // Counters and journal keep it for long, and must not keep the header that it was cut from.
  const accessKeyId = Buffer.from(key).toString();
  return /^\d{12}$/.test(key)
    ? { account: accessKeyId, region, accessKeyId }
    : { region, accessKeyId };
}

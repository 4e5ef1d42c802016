/**
 * The certificate of a data folder: made when it is first needed, kept, and made anew when it ends soon, names
 * too little or cannot be read. One that still does is never replaced, for clients trust it.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Clock } from '../../base/clock.ts';
import { codeOf, messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Files } from '../../engine/log/files.ts';
import type { TlsIdentity } from '../../server/tlsConnections.ts';
import type { MadeCertificate } from './makeCertificate.ts';

const folder = 'tls';
/** Key, certificate and authority in one file, so that they are replaced together. */
const identityPath = `${folder}/server.pem`;
/** What clients are to trust. */
export const authorityPath = `${folder}/ca.pem`;

/** Names that every certificate has. */
const ownNames = ['localhost', '127.0.0.1', '::1', 'host.docker.internal'];
/** One that ends sooner is made anew. */
const daysLeftMin = 30;
const dayMs = 86_400_000;

export interface CertificateParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names and addresses besides the loopback's. */
  readonly names: readonly string[];
}

export class CertificateStore {
  private readonly parts: CertificateParts;
  private readonly names: readonly string[];
  /** What was allowed and no certificate can name. */
  private readonly unnamed: readonly string[];
  private kept: Promise<MadeCertificate> | undefined;

  constructor(parts: CertificateParts) {
    this.parts = parts;
    const asked = parts.names.map((given) => ({ given, name: certificateName(given) }));
    this.names = [...new Set([...ownNames, ...asked.flatMap(({ name }) => name ?? [])])];
    this.unnamed = asked.flatMap(({ given, name }) => (name === undefined ? [given] : []));
  }

  /** What the server proves itself with. Rejects with what to do when it cannot be kept. */
  async identity(): Promise<TlsIdentity> {
    const { key, certificate, authority } = await this.get();
    return { key, chain: certificate + authority };
  }

  /** What clients are to trust, in PEM. Rejects as `identity` does. */
  async authority(): Promise<string> {
    return (await this.get()).authority;
  }

  private get(): Promise<MadeCertificate> {
    this.kept ??= this.load().catch((error: unknown) => {
      this.kept = undefined;
      throw withAdvice(error);
    });
    return this.kept;
  }

  private async load(): Promise<MadeCertificate> {
    const { files, clock, logger } = this.parts;
    const bytes = await files.readAll(identityPath);
    const known = bytes && certificateIn(Buffer.from(bytes).toString('latin1'));
    const flaw = bytes ? flawOf(known, { names: this.names, nowMs: clock.now() }) : undefined;
    if (known && flaw === undefined) return this.exported(known);
    if (flaw !== undefined) {
      logger.warn(
        `The certificate for TLS is made anew, for the one in ${identityPath} ${flaw}. ` +
          'Clients that trust that one have to trust the new one.',
      );
    }
    this.warnOfUnnamed();
    const { makeCertificate } = await import('./makeCertificate.ts');
    const made = await makeCertificate({ names: this.names, nowMs: clock.now() });
    await files.makeFolder(folder);
    await files.replace(identityPath, bytesOf(made.key + made.certificate + made.authority));
    return this.exported(made);
  }

  private warnOfUnnamed(): void {
    if (this.unnamed.length === 0) return;
    this.parts.logger.warn(
      `The certificate for TLS does not name "${this.unnamed.join('", "')}": that is no name of a host, and no ` +
        'address. Give --allow-host what stands in the URL between // and the port.',
    );
  }

  /** The authority alone, for whoever wants a file. */
  private async exported(kept: MadeCertificate): Promise<MadeCertificate> {
    const { files } = this.parts;
    const bytes = await files.readAll(authorityPath);
    const isThere = bytes && Buffer.from(bytes).toString('latin1') === kept.authority;
    if (!isThere) await files.replace(authorityPath, bytesOf(kept.authority));
    return kept;
  }
}

/** What the system refuses is the user's to mend. */
function withAdvice(error: unknown): unknown {
  if (!/^E[A-Z]+$/.test(codeOf(error) ?? '')) return error;
  const advice = `See that the engine may read and write ${folder}/ in its data folder, and that there is room`;
  return new Error(`${messageOf(error)}. ${advice}; the next client that asks tries again.`, {
    cause: error,
  });
}

/** Names of containers have underscores, whatever DNS says. */
const hostName = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/**
 * As a certificate has it: an address of IPv6 without the brackets of a Host header and in its one shortest
 * form, a name in ASCII. Undefined for what would make it one that clients refuse, or that we would not find
 * in it again.
 */
function certificateName(given: string): string | undefined {
  const address = given.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 6) {
    const url = `http://[${address}]`;
    return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined; // none with a zone
  }
  if (isIP(given) === 4) return given;
  const whole = given.toLowerCase().replace(/\.$/, '');
  const name = whole.includes('_') ? whole : domainToASCII(whole);
  return hostName.test(name) ? name : undefined;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Undefined for what is no file of ours. */
function certificateIn(text: string): MadeCertificate | undefined {
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----\n/g) ?? [];
  const [key, certificate, authority] = blocks;
  if (key === undefined || certificate === undefined || authority === undefined) return undefined;
  return { key, certificate, authority };
}

/** Why a certificate does not do, as the rest of a sentence. */
function flawOf(
  kept: MadeCertificate | undefined,
  { names, nowMs }: { names: readonly string[]; nowMs: number },
): string | undefined {
  if (!kept) return 'is not whole';
  try {
    const certificate = new X509Certificate(kept.certificate);
    const authority = new X509Certificate(kept.authority);
    const isOurs =
      certificate.checkPrivateKey(createPrivateKey(kept.key)) &&
      certificate.verify(authority.publicKey);
    if (!isOurs) return 'does not fit its key';
    const unnamed = names.filter((name) => !namesIt(certificate, name));
    if (unnamed.length > 0) return `does not name ${unnamed.join(', ')}`;
    const begins = Date.parse(certificate.validFrom);
    if (begins > nowMs)
      return `begins on ${new Date(begins).toISOString()}, by a clock that was ahead`;
    const daysLeft = Math.floor((Date.parse(certificate.validTo) - nowMs) / dayMs);
    return daysLeft < daysLeftMin ? `ends in ${Math.max(0, daysLeft)} days` : undefined;
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
}

const namesIt = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;

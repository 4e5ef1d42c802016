/**
 * Makes a certificate for the names of this machine, and the authority that signs it. The authority's key is
 * kept nowhere: whoever trusts it trusts this one certificate and no other. A bundle of its own, loaded when a
 * certificate is needed.
 */
import 'reflect-metadata'; // the library asks for it
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** In PEM, all of them. */
export interface MadeCertificate {
  /** For whoever is to trust the server. */
  readonly authority: string;
  readonly certificate: string;
  /** Of the certificate, in PKCS #8. */
  readonly key: string;
}

export interface CertificateFor {
  /** DNS names and IP addresses; the first is its subject. */
  readonly names: readonly string[];
  readonly nowMs: number;
}

const dayMs = 86_400_000;
/** Apple's systems take no certificate of a longer life. @source documented */
export const certificateDays = 820;
/** For clocks that are behind ours. */
const daysBefore = 1;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const crypto = webcrypto;

/** A new key and certificate each time. Rejects only when the system gives no random numbers. */
export async function makeCertificate({ names, nowMs }: CertificateFor): Promise<MadeCertificate> {
  const life = {
    notBefore: new Date(nowMs - daysBefore * dayMs),
    notAfter: new Date(nowMs + certificateDays * dayMs),
  };
  const [authorityKeys, keys] = [await keyPair(), await keyPair()];
  const issuer = `CN=Shardscope local authority ${randomSerial().slice(0, 8)}`;
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      ...life,
      serialNumber: randomSerial(),
      name: issuer,
      keys: authorityKeys,
      signingAlgorithm: algorithm,
      extensions: await authorityExtensions(authorityKeys),
    },
    crypto,
  );
  const certificate = await X509CertificateGenerator.create(
    {
      ...life,
      serialNumber: randomSerial(),
      subject: `CN=${names[0]}`,
      issuer,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions: await serverExtensions(names, { keys, authority }),
    },
    crypto,
  );
  return {
    authority: `${authority.toString('pem')}\n`,
    certificate: `${certificate.toString('pem')}\n`,
    key: await pemOf(keys.privateKey),
  };
}

const keyPair = (): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;

/** 16 bytes in hexadecimal; the first bit is not set, for the number is positive. */
function randomSerial(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

async function authorityExtensions({ publicKey }: webcrypto.CryptoKeyPair): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    await SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
  ];
}

/** With the key identifiers that strict clients (Python 3.13) want. */
async function serverExtensions(
  names: readonly string[],
  { keys, authority }: { keys: webcrypto.CryptoKeyPair; authority: X509Certificate },
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
    ),
    await SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
    await AuthorityKeyIdentifierExtension.create(authority.publicKey, false, crypto),
  ];
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  const lines = bytes.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

// One certificate for all servers of a test file, made by the engine's own maker when it is first needed.
import { type MadeCertificate, makeCertificate } from '../../../src/cli/tls/makeCertificate.ts';
import type { TlsIdentity } from '../../../src/server/tlsConnections.ts';

let made: Promise<MadeCertificate> | undefined;

export function testCertificate(): Promise<MadeCertificate> {
  made ??= makeCertificate({ names: ['localhost', '127.0.0.1'], nowMs: Date.now() });
  return made;
}

export async function testIdentity(): Promise<TlsIdentity> {
  const { key, certificate, authority } = await testCertificate();
  return { key, chain: certificate + authority };
}

// The certificate of a data folder: what is in it, how long it stays, and when it is made anew.
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { CertificateStore } from '../../../src/cli/tls/certificateStore.ts';
import { certificateDays } from '../../../src/cli/tls/makeCertificate.ts';
import { MemoryFiles } from '../../../src/engine/folder/memoryFiles.ts';
import { recorder } from '../../support/recorder.ts';
import { TestClock } from '../../support/testClock.ts';

const dayMs = 86_400_000;

function storeOn(files: MemoryFiles, names: string[] = [], clock = new TestClock()) {
  const logger = recorder();
  return { store: new CertificateStore({ files, clock, logger, names }), logger, clock };
}

const textAt = async (files: MemoryFiles, path: string): Promise<string> =>
  Buffer.from((await files.readAll(path))!).toString();

test('a certificate names the loopback and what was allowed, and nothing else', async () => {
  const { store } = storeOn(new MemoryFiles(), ['Kinesis.Test', '[fd00::5]']);
  const certificate = new X509Certificate((await store.identity()).chain);
  const named = certificate.subjectAltName!.split(', ').sort();
  expect(named).toEqual([
    'DNS:host.docker.internal',
    'DNS:kinesis.test',
    'DNS:localhost',
    'IP Address:0:0:0:0:0:0:0:1',
    'IP Address:127.0.0.1',
    'IP Address:FD00:0:0:0:0:0:0:5',
  ]);
});

test.each([
  ['Kinesis.Test.', 'DNS:kinesis.test'],
  ['my_host', 'DNS:my_host'],
  ['künesis.test', 'DNS:xn--knesis-3ya.test'],
  ['::ffff:10.0.0.1', 'IP Address:0:0:0:0:0:FFFF:A00:1'],
  ['[FD00:0::5]', 'IP Address:FD00:0:0:0:0:0:0:5'],
])('a certificate that names %s is found to name it, and kept', async (name, named) => {
  const files = new MemoryFiles();
  const { chain } = await storeOn(files, [name]).store.identity();
  expect(new X509Certificate(chain).subjectAltName!.split(', ')).toContain(named);
  const again = storeOn(files, [name]);
  expect((await again.store.identity()).chain).toBe(chain);
  expect(again.logger.lines).toEqual([]);
});

test.each(['', '*', '*.test', 'a b', 'a..b', 'host:4567', 'http://host', 'fe80::1%eth0', 'ü_b'])(
  '%j, that is no name of a host, is in no certificate, and the log says so once',
  async (name) => {
    const files = new MemoryFiles();
    const { store, logger } = storeOn(files, [name, 'kinesis.test']);
    const { chain } = await store.identity();
    const others = await storeOn(new MemoryFiles(), ['kinesis.test']).store.identity();
    const namesOf = (pem: string) => new X509Certificate(pem).subjectAltName;
    expect(namesOf(chain)).toBe(namesOf(others.chain));
    expect(logger.lines).toEqual([expect.stringContaining(`does not name "${name}"`)]);
    const again = storeOn(files, [name, 'kinesis.test']);
    expect((await again.store.identity()).chain).toBe(chain);
    expect(again.logger.lines).toEqual([]);
  },
);

test('an authority signs it that can sign no other, and neither is for anything else', async () => {
  const files = new MemoryFiles();
  const { store, clock } = storeOn(files);
  const { chain, key } = await store.identity();
  const [certificate, authority] = chain.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g)!;
  const [leaf, root] = [new X509Certificate(certificate!), new X509Certificate(authority!)];
  expect([leaf.ca, root.ca]).toEqual([false, true]);
  expect(leaf.checkIssued(root) && leaf.verify(root.publicKey)).toBe(true);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(Date.parse(leaf.validTo) - clock.now()).toBe(certificateDays * dayMs);
  // One key is kept, and it is the server's.
  expect((await textAt(files, 'tls/server.pem')).match(/PRIVATE KEY-----/g)).toHaveLength(2);
  expect(key).toContain('-----BEGIN PRIVATE KEY-----');
  expect(await textAt(files, 'tls/ca.pem')).toBe(authority);
});

test('strict clients find the identifiers of both keys', async () => {
  const { store } = storeOn(new MemoryFiles());
  const { chain } = await store.identity();
  const {
    X509Certificate: Parsed,
    AuthorityKeyIdentifierExtension,
    SubjectKeyIdentifierExtension,
  } = await import('@peculiar/x509');
  const blocks = chain.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)!;
  const [leaf, root] = blocks.map((pem) => new Parsed(pem));
  const ofRoot = root!.getExtension(SubjectKeyIdentifierExtension)!.keyId;
  expect(ofRoot).toMatch(/^[0-9a-f]{40}$/);
  expect(leaf!.getExtension(AuthorityKeyIdentifierExtension)!.keyId).toBe(ofRoot);
  expect(leaf!.getExtension(SubjectKeyIdentifierExtension)!.keyId).not.toBe(ofRoot);
});

test('the certificate stays, in another process too, and is made once for all who wait', async () => {
  const files = new MemoryFiles();
  const { store } = storeOn(files);
  const [first, second] = await Promise.all([store.authority(), store.authority()]);
  expect(second).toBe(first);
  const again = storeOn(files);
  expect(await again.store.authority()).toBe(first);
  expect(await again.store.identity()).toEqual(await store.identity());
  expect(again.logger.lines).toEqual([]);
});

test.each([
  ['ends soon', /ends in 29 days/, { afterDays: certificateDays - 29 }],
  ['was made by a clock that was ahead', /begins on 2024-12-31T00:00:00.000Z/, { afterDays: -2 }],
  ['has ended', /ends in 0 days/, { afterDays: certificateDays + 1 }],
  ['does not name a host', /does not name kinesis.test/, { names: ['kinesis.test'] }],
  ['is cut off', /is not whole/, { damage: (pem: string) => pem.slice(0, 700) }],
  ['is no certificate', /cannot be read/, { damage: (pem: string) => pem.replace(/MI/g, 'AA') }],
])('one that %s is made anew, and the log says so', async (_, why, change) => {
  const {
    afterDays = 0,
    names = [],
    damage = (pem: string) => pem,
  } = change as {
    afterDays?: number;
    names?: string[];
    damage?: (pem: string) => string;
  };
  const files = new MemoryFiles();
  const { store, clock } = storeOn(files);
  const before = await store.authority();
  const pem = await textAt(files, 'tls/server.pem');
  await files.replace('tls/server.pem', Buffer.from(damage(pem)));
  clock.setWall(clock.now() + afterDays * dayMs);
  const later = storeOn(files, names, clock);
  const after = await later.store.authority();
  expect(after).not.toBe(before);
  expect(later.logger.lines).toEqual([expect.stringMatching(why)]);
  expect(await textAt(files, 'tls/ca.pem')).toBe(after);
});

test('a key of another certificate is found out', async () => {
  const [files, others] = [new MemoryFiles(), new MemoryFiles()];
  await storeOn(files).store.authority();
  const other = await storeOn(others).store.identity();
  const pem = await textAt(files, 'tls/server.pem');
  const swapped = pem.replace(
    /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/,
    other.key,
  );
  await files.replace('tls/server.pem', Buffer.from(swapped));
  const { store, logger } = storeOn(files);
  await store.authority();
  expect(logger.lines).toEqual([expect.stringContaining('does not fit its key')]);
});

test('an authority that somebody removed or changed is written again', async () => {
  const files = new MemoryFiles();
  const authority = await storeOn(files).store.authority();
  for (const change of [
    () => files.remove('tls/ca.pem'),
    () => files.replace('tls/ca.pem', Buffer.from('x')),
  ]) {
    await change();
    expect(await storeOn(files).store.authority()).toBe(authority);
    expect(await textAt(files, 'tls/ca.pem')).toBe(authority);
  }
});

test('a disk that takes no certificate is an error, and the next one who asks tries again', async () => {
  const files = new MemoryFiles();
  const { store } = storeOn(files);
  const replace = files.replace.bind(files);
  files.replace = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
  await expect(store.identity()).rejects.toThrow(
    /^no space\. See that the engine may .* tries again/,
  );
  files.replace = replace;
  expect((await store.identity()).chain).toContain('CERTIFICATE');
});

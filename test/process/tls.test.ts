// TLS as users have it: the certificate printed by the command, trusted by AWS's client in a process of its own.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { addressOf, shardscope, temporaryFolder } from './support/engineProcess.ts';

async function run(endpoint: string, version: string, env: Record<string, string>) {
  const program = path.resolve('test/process/support/secureClient.ts');
  const child = spawn(process.execPath, [program, endpoint, version], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

const certificateOf = async (folder: string): Promise<string> => {
  const command = shardscope(['certificate', '--data', folder]);
  expect([await command.exit, command.stderr()]).toEqual([0, '']);
  return command.stdout();
};

test('a client that trusts the printed certificate calls, reads and subscribes over https', async () => {
  const folder = temporaryFolder();
  const start = ['serve', '--data', folder, '--port', '0', '--init', 'orders:1'];
  const engine = shardscope(start);
  const endpoint = (await addressOf(engine)).replace('http:', 'https:');
  expect(existsSync(path.join(folder, 'tls'))).toBe(false); // nobody needed it yet

  const certificate = await certificateOf(folder);
  expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  const file = path.join(temporaryFolder(), 'ca.pem');
  writeFileSync(file, certificate);
  for (const version of ['http2', 'http1']) {
    const trusting = await run(endpoint, version, { NODE_EXTRA_CA_CERTS: file });
    expect(trusting).toEqual({ code: 0, out: '{"read":"hello","told":"hello"}\n', err: '' });
    const others = await run(endpoint, version, { NODE_EXTRA_CA_CERTS: '' });
    expect(others.code).not.toBe(0);
    expect(others.err).toMatch(/self.signed certificate|unable to verify/i);
  }

  expect(statSync(path.join(folder, 'tls', 'server.pem')).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(folder, 'tls', 'ca.pem'), 'utf8')).toBe(certificate);
  engine.child.kill('SIGKILL');
  await engine.exit;
  const next = shardscope(start);
  await addressOf(next);
  expect(await certificateOf(folder)).toBe(certificate);
  const reset = shardscope(['reset', '--data', folder]);
  expect(await reset.exit).toBe(0);
  expect(await certificateOf(folder)).toBe(certificate);
});

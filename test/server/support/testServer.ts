// A server on a free port before a fake KinesisApi, closed after each test.
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { nullLogger } from '../../../src/base/logger.ts';
import { type RunningServer, type ServerParts, startServer } from '../../../src/server/server.ts';
import { TestClock } from '../../support/testClock.ts';
import { type FakeApi, fakeApi } from './fakeApi.ts';
import { testIdentity } from './testCertificate.ts';

export const nonce = 'f00dfacef00dfacef00dfacef00dface';

export interface TestServer {
  readonly server: RunningServer;
  readonly clock: TestClock;
  readonly fake: FakeApi;
}

/** Starts a server; a test may replace any of its parts. */
export async function testServer(
  parts: Partial<ServerParts> & { answers?: FakeApi['answers'] } = {},
): Promise<TestServer> {
  const clock = new TestClock();
  const fake = fakeApi(parts.answers);
  const server = await startServer({
    api: fake.api,
    nonce,
    clock,
    random: { bytes: (count) => randomBytes(count) },
    logger: nullLogger,
    port: 0,
    tlsIdentity: testIdentity,
    ...parts,
  });
  onTestFinished(() => server.close());
  return { server, clock, fake };
}

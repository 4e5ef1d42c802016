// The local engine of the shared VS Code server, from outside: its process, its address, a fresh start.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CreateStreamCommand, KinesisClient, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { expect, vi } from 'vitest';
import { isAlive } from '../../../src/process/alive.ts';
import { vscodeServer } from './server.ts';

export const engineEndpoint = (): string => `http://127.0.0.1:${vscodeServer().enginePort}`;

/** The process that holds the data folder, as its lock says; undefined when none does. */
export function enginePid(): number | undefined {
  try {
    const lock = readFileSync(path.join(vscodeServer().engineDataFolder, 'lock'), 'utf8');
    return (JSON.parse(lock) as { pid: number }).pid;
  } catch {
    return undefined; // none, or just being replaced
  }
}

/** Ends the engine in order and forgets its streams, so that a test begins as a new user does. */
export async function forgetEngine(): Promise<void> {
  const pid = enginePid();
  if (pid !== undefined && isAlive(pid)) {
    process.kill(pid, 'SIGTERM');
    await vi.waitUntil(() => !isAlive(pid), { timeout: 120_000, interval: 20 });
  }
  expect(
    enginePid(),
    'an engine that was stopped has given its lock back, and no window starts it again',
  ).toBeUndefined();
  rmSync(vscodeServer().engineDataFolder, { recursive: true, force: true, maxRetries: 5 });
}

/** A client as any application has it. */
export function kinesisClient(): KinesisClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new KinesisClient({ endpoint: engineEndpoint(), region: 'us-east-1', credentials });
}

/** Creates a stream as an application would; resolves when it is ACTIVE. */
export async function createStream(stream: string, shardCount = 4): Promise<void> {
  const client = kinesisClient();
  await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: shardCount }));
  const limits = { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 };
  await waitUntilStreamExists(limits, { StreamName: stream });
  client.destroy();
}

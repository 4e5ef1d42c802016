// Starts the VS Code servers of the browser tests, one for each worker, with the packed extension installed.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { packedVsix } from '../../../tools/manifest.mjs';
import {
  BUILTINS_FOR_DEBUGGING,
  BUILTINS_FOR_TESTS,
  startServer,
} from '../../../tools/vscodeServer.mjs';
import type { VscodeServer } from './server.ts';

/** Extensions of the tests' own; they do nothing in a folder that does not ask for them. */
const fixtures = ['probe', 'warmup', 'empty', 'hostProbe'].map((name) =>
  path.join(import.meta.dirname, '../fixtures', name),
);

interface Started extends VscodeServer {
  stop(): Promise<void>;
}

async function start(): Promise<Started> {
  const receiptsFolder = mkdtempSync(path.join(os.tmpdir(), 'shardscope-receipts-'));
  const server = await startServer({
    vsix: [packedVsix()],
    builtins: [...BUILTINS_FOR_TESTS, ...BUILTINS_FOR_DEBUGGING, ...fixtures],
    machineSettings: { 'shardscope.publish.receiptsFolder': receiptsFolder },
  });
  const settings: Record<string, unknown> = server.machineSettings;
  return {
    origin: server.origin,
    dir: server.dir,
    enginePort: Number(settings['shardscope.local.port']),
    engineDataFolder: String(settings['shardscope.local.dataFolder']),
    receiptsFolder,
    async stop() {
      await server.stop();
      rmSync(receiptsFolder, { recursive: true, force: true });
    },
  };
}

/** vitest calls it once, before the first file; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers: Started[] = [];
  // One after the other: a free port is one until the server listens.
  for (let worker = 0; worker < project.config.maxWorkers; worker++) servers.push(await start());
  project.provide(
    'vscodeServers',
    servers.map(({ stop, ...server }) => server),
  );
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
}

// Starts the one VS Code server of all browser tests, with the packed extension installed.
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

/** What a test may know of the server. */
export interface VscodeServer {
  /** `http://127.0.0.1:PORT`, without a slash. */
  origin: string;
  /** The folder of its settings, extensions, logs; removed when the tests end. */
  dir: string;
  /** The port of the local engine that windows of this server start. */
  enginePort: number;
  /** The data folder of that engine. */
  engineDataFolder: string;
  /** Where the extension leaves a line for every record that was acknowledged to it. */
  receiptsFolder: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    vscodeServer: VscodeServer;
  }
}

/** Extensions of the tests' own; they do nothing in a folder that does not ask for them. */
const fixtures = ['probe', 'warmup', 'empty', 'hostProbe'].map((name) =>
  path.join(import.meta.dirname, '../fixtures', name),
);

/** vitest calls it once, before the first file; what it returns is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const receiptsFolder = mkdtempSync(path.join(os.tmpdir(), 'shardscope-receipts-'));
  const server = await startServer({
    vsix: [packedVsix()],
    builtins: [...BUILTINS_FOR_TESTS, ...BUILTINS_FOR_DEBUGGING, ...fixtures],
    machineSettings: { 'shardscope.publish.receiptsFolder': receiptsFolder },
  });
  const settings: Record<string, unknown> = server.machineSettings;
  project.provide('vscodeServer', {
    origin: server.origin,
    dir: server.dir,
    enginePort: Number(settings['shardscope.local.port']),
    engineDataFolder: String(settings['shardscope.local.dataFolder']),
    receiptsFolder,
  });
  return async () => {
    await server.stop();
    rmSync(receiptsFolder, { recursive: true, force: true });
  };
}

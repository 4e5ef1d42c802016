// The VS Code server of this test file: each worker has one of its own, with its engine's port and folders.
import { inject } from 'vitest';

/** What a test may know of the server. */
export interface VscodeServer {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly origin: string;
  /** The folder of its settings, extensions, logs; removed when the tests end. */
  readonly dir: string;
  /** The port of the local engine that windows of this server start. */
  readonly enginePort: number;
  /** The data folder of that engine. */
  readonly engineDataFolder: string;
  /** Where the extension leaves a line for every record that was acknowledged to it. */
  readonly receiptsFolder: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** One for each worker. */
    vscodeServers: readonly VscodeServer[];
  }
}

export function vscodeServer(): VscodeServer {
  const worker = Number(process.env.VITEST_POOL_ID);
  const server = inject('vscodeServers')[worker - 1];
  if (!server) throw new Error(`no VS Code server was started for worker ${worker}`);
  return server;
}

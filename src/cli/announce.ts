/** How a start is told: a line for people, or one message for the extension that forked us. */
import type { StartFailure } from './exitCodes.ts';

/** The one message of an owned engine, over IPC or as a line of JSON on standard output. */
export type OwnedMessage =
  | {
      readonly ready: true;
      readonly endpoint: string;
      readonly nonce: string;
      readonly pid: number;
    }
  | {
      readonly failed: true;
      readonly code: string;
      readonly message: string;
      /** Of the engine that holds the folder. */
      readonly endpoint?: string | undefined;
    };

export interface Started {
  readonly endpoint: string;
  readonly nonce: string;
  readonly folder: string;
}

/** Says that the engine answers. Resolves once it is said. */
export async function announceReady(started: Started, isOwned: boolean): Promise<void> {
  const { endpoint, nonce, folder } = started;
  if (isOwned) return tell({ ready: true, endpoint, nonce, pid: process.pid });
  process.stdout.write(`Shardscope is listening on ${endpoint} (data: ${folder})\n`);
}

/** Says why the engine did not start. Resolves once it is said. */
export async function announceFailure(failure: StartFailure, isOwned: boolean): Promise<void> {
  const { code, message, endpoint } = failure;
  if (isOwned) await tell({ failed: true, code, message, endpoint });
  process.stderr.write(`shardscope: ${message}\n`);
}

/** The parent may be gone by now: nobody to tell is no failure. */
function tell(message: OwnedMessage): Promise<void> {
  if (!process.send) {
    process.stdout.write(`${JSON.stringify(message)}\n`);
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    process.send?.(message, undefined, {}, () => {
      if (process.connected) process.disconnect();
      resolve();
    });
  });
}

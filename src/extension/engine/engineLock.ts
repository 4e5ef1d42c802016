/** The lock file of a data folder, as a window reads it to find the engine that holds the folder. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../base/errors.ts';

/** Where an engine answers and what proves that we may read its folder. */
export interface EngineAddress {
  /** `http://127.0.0.1:4567` */
  readonly endpoint: string;
  readonly nonce: string;
}

export interface EngineLock extends EngineAddress {
  readonly pid: number;
  readonly version: string;
}

const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}\/?$/;

/** The content of a lock file; undefined when it is none (half written, of another format). */
export function parseLock(text: string): EngineLock | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // read while it was written
  }
  const { nonce, endpoint, pid, version } = (value ?? {}) as Record<string, unknown>;
  if (typeof nonce !== 'string' || nonce === '') return undefined;
  if (typeof endpoint !== 'string' || !loopback.test(endpoint)) return undefined;
  return {
    nonce,
    endpoint: endpoint.replace(/\/$/, ''),
    pid: typeof pid === 'number' ? pid : 0,
    version: typeof version === 'string' ? version : '',
  };
}

/** The lock of `folder`; undefined when there is no folder, no lock or none that can be read. */
export async function readLock(folder: string): Promise<EngineLock | undefined> {
  try {
    return parseLock(await readFile(path.join(folder, 'lock'), 'utf8'));
  } catch (thrown) {
    if (codeOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}

/** True when there is a lock, also one that cannot be read: it may be in the making. */
export async function hasLock(folder: string): Promise<boolean> {
  try {
    await access(path.join(folder, 'lock'));
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === undefined) throw thrown;
    return false;
  }
}

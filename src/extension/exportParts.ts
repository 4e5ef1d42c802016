/**
 * Files of exports that are not whole yet. Each is gone once its export has ended, also when the window was closed or
 * killed meanwhile: the workspace remembers them, and its next window removes them.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { isObject } from '../base/members.ts';

const key = 'exportParts';

/** `pid`: of the extension host whose export it is. */
interface Part {
  readonly path: string;
  readonly pid: number;
}

export interface ExportPartsOptions {
  /** Of the workspace: its files lie on this machine. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
  readonly logger: Logger;
  readonly pid: number;
  /** Whether a process is there: the workspace may be open in another browser tab. */
  isAlive(pid: number): boolean;
}

export class ExportParts {
  private readonly options: ExportPartsOptions;
  private parts: readonly Part[];

  constructor(options: ExportPartsOptions) {
    this.options = options;
    this.parts = partsIn(options.memory.get(key));
  }

  /** Names the file that `path` is to become, which is remembered before it can be there. */
  async begin(path: string): Promise<string> {
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    await this.remember([...this.parts, { path: part, pid: this.options.pid }]);
    return part;
  }

  /** Its export has ended: the file has its name, or is gone. */
  async end(part: string): Promise<void> {
    await this.remember(this.parts.filter(({ path }) => path !== part));
  }

  /** It takes the place of a file that is at `path`. Rejects when it cannot, as in the place of a folder, and stays then. */
  async keep(part: string, path: string): Promise<void> {
    await rename(part, path);
    await this.end(part);
  }

  /** It may not be there. Rejects when it cannot be removed, and is remembered then. */
  async remove(part: string): Promise<void> {
    await rm(part, { force: true });
    await this.end(part);
  }

  /** Removes what windows before this one left. Never rejects: what cannot be removed now is tried again next time. */
  async removeLeft(): Promise<void> {
    const { pid: ours, isAlive, logger } = this.options;
    for (const { path, pid } of this.parts) {
      if (pid === ours || isAlive(pid)) continue;
      try {
        await this.remove(path);
        logger.info(`Removed what an export had not finished when its window ended: ${path}`);
      } catch (thrown) {
        logger.warn(`What an export left could not be removed: ${messageOf(thrown)}`);
      }
    }
  }

  /** The window ends, and its exports with it. */
  dispose(): void {
    for (const { path, pid } of this.parts) {
      if (pid !== this.options.pid) continue;
      try {
        rmSync(path, { force: true });
      } catch {
        // It is remembered.
      }
    }
  }

  private async remember(parts: readonly Part[]): Promise<void> {
    this.parts = parts;
    await this.options.memory.update(key, parts.length > 0 ? parts : undefined);
  }
}

const partName = /\.[0-9a-f]{8}\.part$/;

/** Of what was remembered, also by another version, no other file is ever removed. */
function partsIn(remembered: unknown): readonly Part[] {
  if (!Array.isArray(remembered)) return [];
  return remembered.filter(isPart);
}

function isPart(value: unknown): value is Part {
  if (!isObject(value)) return false;
  const { path, pid } = value;
  return typeof path === 'string' && partName.test(path) && Number.isSafeInteger(pid);
}

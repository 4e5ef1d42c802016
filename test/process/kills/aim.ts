/** The real files, but a kill can be aimed at one call inside a split, a merge, a roll or a drop. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Files, OpenFile } from '../../../src/engine/log/files.ts';
import type { Work } from './messages.ts';

interface Call {
  readonly name: string;
  readonly path: string;
  /** The segment that is being begun. */
  readonly begun: string | undefined;
}

const isSegment = (path: string): boolean => /^streams\/.*\.log$/.test(path);
const isIndex = (path: string): boolean => /^streams\/.*\.idx$/.test(path);
const isStreamFolder = (path: string): boolean => /^streams\/[^/]+$/.test(path);
const isCatalog = ({ path }: Call): boolean => path.startsWith('catalog/');

/** The calls that a work is made of. */
const callsOf: Readonly<Record<Work, (call: Call) => boolean>> = {
  split: isCatalog,
  merge: isCatalog,
  roll: ({ name, path, begun }) =>
    begun !== undefined &&
    name !== 'remove' &&
    (path === begun || isIndex(path) || isStreamFolder(path)),
  drop: ({ name, path, begun }) =>
    begun === undefined &&
    ((name === 'remove' && (isSegment(path) || isIndex(path))) || isStreamFolder(path)),
};

export class Aim {
  private target: { work: Work; left: number } | undefined;
  private begun: string | undefined;
  private readonly aimFile: string;

  constructor(aimFile: string) {
    this.aimFile = aimFile;
  }

  at(work: Work, call: number): void {
    this.target = { work, left: call };
  }

  /** `files` that are killed in the middle of the call aimed at: it was asked for, and maybe done. */
  wrap(files: Files): Files {
    return this.watched(files, {
      pathOf: ([path]) => String(path),
      replaced: { open: (path, mode) => this.open(files, { path, mode }) },
    });
  }

  /** A segment is being begun from here until its predecessor's index is in place. */
  private async open(
    files: Files,
    { path, mode }: { path: string; mode: 'append' | 'read' },
  ): Promise<OpenFile> {
    const isNew = mode === 'append' && isSegment(path) && (await files.stat(path)) === undefined;
    if (isNew) this.begun = path;
    const opening = files.open(path, mode);
    if (isNew) this.note('create', path);
    return this.watched<OpenFile>(await opening, { pathOf: () => path });
  }

  private watched<T extends object>(
    target: T,
    how: { pathOf: (args: unknown[]) => string; replaced?: Partial<T> },
  ): T {
    return new Proxy(target, {
      get: (_, name) => {
        const replaced: unknown = Reflect.get(how.replaced ?? {}, name);
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function' || replaced) return replaced ?? method;
        return (...args: unknown[]) => {
          const result: unknown = method.apply(target, args);
          this.note(String(name), how.pathOf(args));
          return result;
        };
      },
    });
  }

  private note(name: string, path: string): void {
    const { target, begun } = this;
    if (reading.has(name)) return;
    if (target && callsOf[target.work]({ name, path, begun })) {
      if (target.left === 0) this.kill(`${target.work} ${name} ${path}`);
      target.left -= 1;
    }
    if (isIndex(path) && name === 'replace') this.begun = undefined;
  }

  private kill(where: string): void {
    const file = openSync(this.aimFile, 'a');
    writeSync(file, `${where}\n`);
    closeSync(file);
    process.kill(process.pid, 'SIGKILL');
  }
}

const reading: ReadonlySet<string> = new Set([
  'read',
  'close',
  'stat',
  'list',
  'readAll',
  'freeBytes',
]);

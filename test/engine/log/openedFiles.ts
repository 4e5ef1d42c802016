/** Files that do nothing but open and close, and count it; what a test holds stays under way until it lets go. */
import type { Files, OpenFile } from '../../../src/engine/log/files.ts';

export class OpenedFiles {
  /** Paths in the order in which they were opened, and closed. */
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  readonly modes = new Set<'append' | 'read'>();
  /** Most files open at once. */
  most = 0;
  /** Asked at each opening; an error makes it fail. */
  failureOf: (path: string) => Error | undefined = () => undefined;
  /** Closing fails too, after the file is closed. */
  failsToClose = false;

  get now(): number {
    return this.opened.length - this.closed.length;
  }

  get files(): Files {
    const open: Files['open'] = (path, mode) => {
      this.modes.add(mode);
      return this.open(path);
    };
    return { open } as unknown as Files;
  }

  private async open(path: string): Promise<OpenFile> {
    const failure = this.failureOf(path);
    if (failure) throw failure;
    this.opened.push(path);
    this.most = Math.max(this.most, this.now);
    const close = async () => {
      this.closed.push(path);
      if (this.failsToClose) throw new Error('not closed');
    };
    const nothing = async () => undefined;
    return { read: async () => 0, write: nothing, sync: nothing, truncate: nothing, close };
  }
}

/** A promise and what settles it. */
export function held(): { until: Promise<void>; letGo: () => void } {
  let letGo = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { until, letGo };
}

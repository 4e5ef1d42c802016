// Puts the servers on one core and the client on another, where the system can: two processes that
// take turns on a core empty each other's caches, and the figures then say more about that.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Cores {
  readonly server: number;
  readonly client: number;
}

/** The first two cores we may use; undefined without `taskset` or with fewer than two. */
export function chooseCores(): Cores | undefined {
  if (process.platform !== 'linux') return undefined;
  if (spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const status = readFileSync('/proc/self/status', 'utf8');
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(status)?.[1] ?? '';
  const [server, client] = coresOf(list);
  return server === undefined || client === undefined ? undefined : { server, client };
}

/** `0-1,4` as 0, 1, 4. */
export function coresOf(list: string): number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  );
}

/** Moves all threads of this process to a core. */
export function moveTo(core: number): void {
  spawnSync('taskset', ['-a', '-p', '-c', String(core), String(process.pid)]);
}

/** A command line, pinned to a core where one is given. `taskset` becomes the command: same pid. */
export function pinned(argv: readonly string[], core: number | undefined): readonly string[] {
  return core === undefined ? argv : ['taskset', '-c', String(core), ...argv];
}

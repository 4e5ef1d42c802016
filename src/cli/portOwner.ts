/** Who listens on a TCP port of this machine, as far as Linux' /proc tells. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface PortOwner {
  readonly pid: number;
  /** The start of its command line. */
  readonly command: string;
}

const listening = '0A';
const commandCharactersMax = 120;

/** Undefined when nobody can be named: another system, another user's process. */
export function portOwner(port: number): PortOwner | undefined {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => socketsOn(file, port)),
  );
  if (inodes.size === 0) return undefined;
  for (const name of list('/proc')) {
    const pid = Number(name);
    if (pid > 0 && holdsSocket(pid, inodes)) return { pid, command: commandOf(pid) };
  }
  return undefined;
}

/** Inodes of the sockets in a table of the kernel that listen on `port`. */
function socketsOn(file: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return read(file)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row[1]?.endsWith(`:${wanted}`) && row[3] === listening)
    .map((row) => row[9]!);
}

function holdsSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  return list(`/proc/${pid}/fd`).some((handle) => {
    const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${handle}`))?.[1];
    return inode !== undefined && inodes.has(inode);
  });
}

function commandOf(pid: number): string {
  const words = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  return words.slice(0, commandCharactersMax);
}

/** Processes end while we look, and others are not ours to see: nothing then. */
function quietly<T>(look: () => T, nothing: T): T {
  try {
    return look();
  } catch {
    return nothing;
  }
}

const read = (file: string): string => quietly(() => readFileSync(file, 'utf8'), '');
const list = (folder: string): string[] => quietly(() => readdirSync(folder), []);
const link = (file: string): string => quietly(() => readlinkSync(file), '');

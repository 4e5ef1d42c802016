// The processes in which windows of the shared VS Code server run their extensions.
import { readdirSync, readFileSync } from 'node:fs';
import { vscodeServer } from './server.ts';

const textOf = (pid: string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // gone meanwhile
  }
};

/** Bytes that they have read so far, from files and from connections. */
export function bytesReadByHosts(): number {
  const bytes = extensionHosts().map((pid) => /^rchar: (\d+)/.exec(textOf(String(pid), 'io'))?.[1]);
  return bytes.reduce((total, count) => total + Number(count ?? 0), 0);
}

export function extensionHosts(): number[] {
  const home = `HOME=${vscodeServer().dir}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isHost = (pid: string): boolean =>
    textOf(pid, 'cmdline').includes('--type=extensionHost') &&
    textOf(pid, 'environ').includes(home);
  return pids.filter(isHost).map(Number);
}

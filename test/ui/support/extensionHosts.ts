// The processes in which windows of the shared VS Code server run their extensions.
import { readdirSync, readFileSync } from 'node:fs';
import { inject } from 'vitest';

const textOf = (pid: string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // gone meanwhile
  }
};

export function extensionHosts(): number[] {
  const home = `HOME=${inject('vscodeServer').dir}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isHost = (pid: string): boolean =>
    textOf(pid, 'cmdline').includes('--type=extensionHost') &&
    textOf(pid, 'environ').includes(home);
  return pids.filter(isHost).map(Number);
}

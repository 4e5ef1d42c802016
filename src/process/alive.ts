/** Whether a process lives, as the system tells by its number. */
import { readFileSync } from 'node:fs';
import { codeOf } from '../base/errors.ts';

/** True when a process has that number, ours to signal or not, and has not ended. */
export function isAlive(pid: number): boolean {
  return hasNumber(pid) && !isZombie(pid);
}

function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return codeOf(thrown) !== 'ESRCH';
  }
}

/** Ended, but not yet noticed by its parent; such a process still answers to signals. */
function isZombie(pid: number): boolean {
  let stat = '';
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return false; // no /proc here, or it has gone meanwhile
  }
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

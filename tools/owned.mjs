// Who belongs to whom among processes. It finds and ends those that name another as their owner in
// SHARDSCOPE_OWNER_PID: engines that a window forked detached, a desktop VS Code. Linux only;
// elsewhere it finds none, and they have to look after their owner themselves, as engines do.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

function namesOwner(pid, entry) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(entry);
  } catch {
    return false; // gone meanwhile, or another user's
  }
}

/**
 * The parent of a process; undefined when that is not to be known.
 * @param {number} pid
 */
export function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]); // the name may hold spaces
  } catch {
    return undefined;
  }
}

/**
 * The pids of all living processes whose owner is `ownerPid`.
 * @param {number} ownerPid
 */
export function ownedBy(ownerPid) {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const entry = `SHARDSCOPE_OWNER_PID=${ownerPid}`;
  return pids.filter((pid) => namesOwner(pid, entry)).map(Number);
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {} // gone meanwhile
}

/**
 * Sends a signal to all of them.
 * @param {number} ownerPid
 * @param {NodeJS.Signals} name
 */
export function signalOwned(ownerPid, name) {
  for (const pid of ownedBy(ownerPid)) signal(pid, name);
}

/**
 * Waits until the owned processes have ended themselves, and kills what is left after `graceMs`.
 * Resolves to the pids that had to be killed.
 * @param {number} ownerPid
 * @param {number} [graceMs]
 */
export async function endOwned(ownerPid, graceMs = 3000) {
  const deadlineMs = Date.now() + graceMs;
  let left = ownedBy(ownerPid);
  while (left.length > 0 && Date.now() < deadlineMs) {
    await delay(POLL_MS);
    left = ownedBy(ownerPid);
  }
  for (const pid of left) signal(pid, 'SIGKILL');
  return left;
}

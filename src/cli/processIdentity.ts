/** What of a process makes its number trustworthy: the machine's start and the space that numbers it. */
import { readFileSync, readlinkSync } from 'node:fs';
import type { LockRecord } from '../engine/folder/lockRecord.ts';
import { isAlive } from '../process/alive.ts';

/** This process. `bootId` and `pidSpace` are empty where the system does not tell (all but Linux). */
export function ownIdentity(version: string): LockIdentity {
  return {
    pid: process.pid,
    bootId: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidSpace: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
    version,
  };
}

type LockIdentity = Pick<LockRecord, 'pid' | 'bootId' | 'pidSpace' | 'version'>;

/**
 * True only when the process of `holder` is certainly dead: the same boot of the same machine, the same
 * space of process numbers (a number of another container means nothing here), and no such process.
 */
export function isCertainlyGone(holder: LockRecord, own: LockIdentity): boolean {
  if (own.bootId === '' || own.pidSpace === '' || holder.pid <= 0) return false;
  if (holder.bootId !== own.bootId || holder.pidSpace !== own.pidSpace) return false;
  return !isAlive(holder.pid);
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return ''; // no /proc here
  }
}

// CPU time of a process over all its threads, from the kernel's own accounting in nanoseconds; never
// from its ticks of 10 ms, which serve as a check only.
import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../../src/base/errors.ts';
import type { Measured } from './compare.ts';

/** What ticks and threads may differ by: user and system time are each cut to a tick of 10 ms. */
const toleranceUs = 40_000;
const microsecondsPerTick = 10_000;

/**
 * Sums the scheduler's account of each thread. A thread that ended counts with what was last seen
 * of it; when threads ended with time that was never seen, reading throws rather than flatters.
 */
export class ProcessCpu {
  private readonly pid: number;
  /** Nanoseconds by thread, also of threads that have ended. */
  private readonly seen = new Map<string, number>();

  constructor(pid: number) {
    this.pid = pid;
  }

  /** Microseconds of CPU since the process began. */
  micros(): number {
    const folder = `/proc/${this.pid}/task`;
    for (const thread of readdirSync(folder)) {
      const spent = threadNanos(`${folder}/${thread}/schedstat`);
      if (spent !== undefined) this.seen.set(thread, spent);
    }
    let nanos = 0;
    for (const spent of this.seen.values()) nanos += spent;
    const micros = nanos / 1000;
    const unseen = tickMicros(this.pid) - micros;
    if (unseen > toleranceUs) {
      throw new Error(
        `${Math.round(unseen)} us of process ${this.pid} were spent by ended threads`,
      );
    }
    return micros;
  }
}

function threadNanos(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'latin1').split(' ')[0]);
  } catch (thrown) {
    if (['ENOENT', 'ESRCH'].includes(codeOf(thrown) ?? '')) return undefined; // it has just ended
    throw thrown;
  }
}

/** User and system time of the whole process, ended threads included, cut to ticks. */
function tickMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick;
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** This process, for work that needs no server. */
export const ownProcess: Measured = {
  cpuMicros: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memoryMiB: () => residentMiB(process.pid),
};

/** Bytes that the process has read by system calls, from files and sockets alike. */
export function bytesRead(pid: number): number {
  const io = readFileSync(`/proc/${pid}/io`, 'latin1');
  return Number(/rchar: (\d+)/.exec(io)?.[1] ?? Number.NaN);
}

// What a server costs before it does anything: from its start to its first answer, and idle.
import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from '../contenders.ts';
import { median, minimum } from '../statistics.ts';
import { tableOf } from '../table.ts';
import { takingPart, type Workload } from '../workload.ts';

/** How long a server is left alone before its memory is read. */
const idleMs = 500;

interface Start {
  readonly startMs: number;
  readonly startCpuMs: number;
  readonly idleMiB: number;
}

async function startOnce(contender: Contender): Promise<Start> {
  const server = await contender.start();
  const startCpuMs = server.cpuMicros() / 1000;
  await pause(idleMs);
  const idleMiB = server.memoryMiB();
  await server.stop();
  return { startMs: server.startMs, startCpuMs, idleMiB };
}

const names = ['bare http', 'bare http2', 'written', 'baseline', 'kinesalite', 'kinesis-local'];

export const start: Workload = {
  id: 'start',
  title: 'Start to the first answer, and memory when idle',
  run: async (run) => {
    const taking = takingPart(run, [...names, 'ferrokinesis']);
    const starts = new Map<string, Start[]>(taking.map(({ name }) => [name, []]));
    for (let round = 0; round < run.options.rounds; round++) {
      for (const contender of round % 2 === 0 ? taking : taking.toReversed()) {
        starts.get(contender.name)!.push(await startOnce(contender));
      }
    }
    const rows = [...starts].map(([name, list]) => {
      const of = (key: keyof Start): number[] => list.map((each) => each[key]);
      run.figures.set(`start/${name}`, {
        startMsMin: minimum(of('startMs')),
        startMsMedian: median(of('startMs')),
        startCpuMsMin: minimum(of('startCpuMs')),
        idleMiBMin: minimum(of('idleMiB')),
      });
      return [
        name,
        minimum(of('startMs')).toFixed(0),
        median(of('startMs')).toFixed(0),
        minimum(of('startCpuMs')).toFixed(0),
        minimum(of('idleMiB')).toFixed(1),
      ];
    });
    return tableOf(['', 'start ms min', 'median', 'CPU ms min', 'idle MiB min'], rows);
  },
};

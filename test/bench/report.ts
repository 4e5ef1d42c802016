// The bench's tables as text.
import type { Summary } from './compare.ts';
import type { Workload } from './workload.ts';

const columns = ['CPU us min', 'median', 'ratio', 'rate/s', 'p50 ms', 'p99 ms', 'MiB'];
const nameWidth = 22;

const row = (name: string, cells: readonly string[]): string =>
  `  ${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(12)).join('')}`;

/** A workload's table: one line a server, ratios of the minima to the base's. */
export function tableOf(workload: Workload, summaries: ReadonlyMap<string, Summary>): string {
  const base = summaries.get(workload.base);
  const lines = [...summaries].map(([name, summary]) =>
    row(name, [
      summary.cpuMin.toFixed(2),
      summary.cpuMedian.toFixed(2),
      base ? (summary.cpuMin / base.cpuMin).toFixed(2) : '-',
      Math.round(summary.rateMedian).toLocaleString('en'),
      summary.p50Median.toFixed(2),
      summary.p99Median.toFixed(2),
      summary.memoryMiB.toFixed(0),
    ]),
  );
  const title = `${workload.title} (${workload.id}; CPU per ${workload.unit})`;
  return [title, row('', columns), ...lines].join('\n');
}

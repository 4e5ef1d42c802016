// npm run test:fanOut [-- --consumers 20 --shards 50 --records 1000 --seed 1]: the long run of subscriptions. Prints
// what happened in each part and what the engine held afterwards; ends with 1 when anything was wrong.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type FanOutReport, runFanOut } from './fanOutRun.ts';

const { values } = parseArgs({
  options: {
    consumers: { type: 'string', default: '20' },
    shards: { type: 'string', default: '50' },
    records: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const startedMs = performance.now();

function tell(what: string, report: FanOutReport): void {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${seconds} s: ${what}: ${JSON.stringify(report)}`);
}

const report = await runFanOut({
  consumers: Number(values.consumers),
  shards: Number(values.shards),
  records: Number(values.records),
  seed: Number(values.seed),
  entry: path.resolve(import.meta.dirname, '../../../dist/engine.cjs'),
  onPart: tell,
});
tell('all', report);
if (report.complaints.length > 0) process.exitCode = 1;

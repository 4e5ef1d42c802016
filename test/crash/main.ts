// npm run test:crash [-- --seeds 1000 --from 1]: the long run of the crash suite, outside the test runner.
// Prints how many seeds and crash points there were; ends with 1 at the first seed that fails.
import { parseArgs } from 'node:util';
import { runSeeds } from './engineRun.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
});
const startedMs = Date.now();
const totals = await runSeeds({
  from: Number(values.from),
  count: Number(values.seeds),
  onProgress: ({ seeds, points, changes }) => {
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    console.log(`${seeds} seeds, ${changes} changes, ${points} crash points, ${seconds} s`);
  },
});
console.log(totals.complaints.length > 0 ? totals.complaints.join('\n') : 'nothing was lost');
process.exitCode = totals.complaints.length > 0 ? 1 : 0;

// npm run test:fuzz [-- --count 100000 --seed 1 --sources FOLDER]: the long run of the port's fuzzer. Prints what was
// reached; ends with 1 at the first complaint.
import { parseArgs } from 'node:util';
import { fuzz, type Totals, unreached } from './fuzzRun.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    sources: { type: 'string' },
  },
});

const startedMs = Date.now();
const line = ({ requests, reached }: Totals): string =>
  `${requests} requests, ${reached} reached an operation (${Math.round((100 * reached) / requests)} %), ` +
  `${Math.round((Date.now() - startedMs) / 1000)} s`;

const { sources } = values;
const totals = await fuzz({
  seed: Number(values.seed),
  count: Number(values.count),
  ...(sources !== undefined && { sources }),
  onProgress: (now) => console.log(line(now)),
});
console.log(line(totals));
for (const [name, count] of [...totals.byCodec, ...totals.byTransport, ...totals.byProtocol]) {
  console.log(`  ${name}: ${count}`);
}
for (const [operation, count] of [...totals.byOperation].sort()) {
  console.log(`  ${operation}: ${count}`);
}
const missing = unreached(totals);
if (missing.length > 0) console.log(`not reached: ${missing.join(', ')}`);
console.log(totals.complaints.length > 0 ? totals.complaints.join('\n') : 'no complaint');
process.exit(totals.complaints.length > 0 ? 1 : 0);

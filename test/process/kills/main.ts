// npm run test:kills [-- --kills 200 --seed 1]: the long run of real kills, half of them in each durability.
// Prints where they happened; ends with 1 when anything acknowledged was lost, doubled or out of order.
import { parseArgs } from 'node:util';
import { runKills } from './killRun.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
for (const durability of ['written', 'synced'] as const) {
  const kills = Math.ceil(Number(values.kills) / 2);
  const report = await runKills({
    durability,
    kills,
    seed: Number(values.seed),
    onKill: (sofar) => {
      if (sofar.kills % 10 === 0) console.log(durability, JSON.stringify(sofar));
    },
  });
  console.log(durability, JSON.stringify(report));
  if (report.complaints.length > 0) process.exitCode = 1;
}

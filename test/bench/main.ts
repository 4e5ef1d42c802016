// npm run bench: the engine, the limits and the peers side by side, in one run, interleaved.
import { loadavg } from 'node:os';
import { interleave, type Runner, type Summary } from './compare.ts';
import { type Contender, contenders } from './contenders.ts';
import { moveTo } from './cores.ts';
import { changedLimits } from './frozen.ts';
import { type BenchOptions, parseOptions, usage } from './options.ts';
import { tableOf } from './report.ts';
import { type BenchServer, killServers } from './server.ts';
import type { Workload } from './workload.ts';
import { putRecord16, putRecords100, putRecords500 } from './workloads/puts.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const workloads: readonly Workload[] = [putRecords500, putRecords100, putRecord16];

/** Runs a workload on fresh servers; they are gone when this resolves. */
async function run(workload: Workload, options: BenchOptions): Promise<Map<string, Summary>> {
  const taking = contenders(options).filter((contender) => takesPart(contender, workload, options));
  const servers: BenchServer[] = [];
  const runners: Runner[] = [];
  for (const contender of taking) {
    const server = await contender.start();
    servers.push(server);
    runners.push(...(await workload.prepare(server, contender)));
  }
  const summaries = await interleave(options.rounds, runners);
  for (const server of servers) await server.stop();
  return summaries;
}

function takesPart({ name }: Contender, workload: Workload, { servers }: BenchOptions): boolean {
  return workload.servers.includes(name) && (servers?.includes(name) ?? true);
}

function chosen({ only }: BenchOptions): readonly Workload[] {
  const unknown = only?.find((id) => !workloads.some((workload) => workload.id === id));
  if (unknown !== undefined) {
    throw new Error(`no workload "${unknown}"; there are ${workloads.map(({ id }) => id).join()}`);
  }
  return workloads.filter(({ id }) => only?.includes(id) ?? true);
}

const load = (): string => loadavg()[0]!.toFixed(2);

async function main(): Promise<void> {
  const changed = changedLimits();
  if (changed.length > 0) throw new Error(`the limit was changed: ${changed.join(', ')}`);
  const options = parseOptions(process.argv.slice(2));
  if (options.clientCore !== undefined) moveTo(options.clientCore);
  say(`Node ${process.version}, ${options.rounds} rounds, load average ${load()} at the start`);
  for (const workload of chosen(options)) {
    say(`\n${tableOf(workload, await run(workload, options))}`);
  }
  say(`\nload average ${load()} at the end`);
}

process.once('exit', killServers);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  await main();
} catch (thrown) {
  say(`bench: ${(thrown as Error).message}\n\n${usage}`);
  process.exit(1); // servers may be running
}

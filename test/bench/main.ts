// npm run bench: the engine, the limits and the peers side by side, in one run, interleaved.
import { loadavg } from 'node:os';
import { contenders } from './contenders.ts';
import { moveTo } from './cores.ts';
import { Figures } from './figures.ts';
import { removeFolders } from './folders.ts';
import { changedLimits } from './frozen.ts';
import { type BenchOptions, parseOptions, usage } from './options.ts';
import { factsOf, type Results, type Section, writeResults } from './results.ts';
import { killServers } from './server.ts';
import { plainText } from './table.ts';
import { targets, targetTable, verdictOn } from './targets.ts';
import type { Run, Workload } from './workload.ts';
import { workloads } from './workloads/all.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Throws for a workload or a server that is not known. */
function chosen({ only, isClosing }: BenchOptions): readonly Workload[] {
  const ids = workloads.map(({ id }) => id);
  const unknown = only?.filter((id) => !ids.includes(id)) ?? [];
  if (unknown.length > 0) throw new Error(`no workload ${unknown}; there are ${ids.join(', ')}`);
  if (only) return workloads.filter(({ id }) => only.includes(id));
  return workloads.filter(({ isSlow }) => isClosing || !isSlow);
}

function checkServers({ servers }: BenchOptions, names: readonly string[]): void {
  const unknown = servers?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`no server ${unknown}; there are ${names.join(', ')}`);
}

const load = (): string => loadavg()[0]!.toFixed(2);

async function runAll(workloadsToRun: readonly Workload[], run: Run): Promise<Section[]> {
  const sections: Section[] = [];
  for (const { id, title, run: measure } of workloadsToRun) {
    const began = performance.now();
    say(`\n${title} (${id})`);
    const table = await measure(run);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    say(`${plainText(table)}\n  ${seconds} s, load average ${load()}`);
    sections.push({ id, title, table });
  }
  return sections;
}

/** Writes the page; a closing run with every server there has to measure every target. */
function close(results: Results): void {
  writeResults(results);
  const unmeasured = targets.filter(
    (target) => verdictOn(target, results.figures) === 'not measured',
  );
  if (unmeasured.length === 0 || results.absent.length > 0) return;
  throw new Error(`not measured: ${unmeasured.map(({ name }) => name).join('; ')}`);
}

async function main(): Promise<void> {
  const changed = changedLimits();
  if (changed.length > 0) throw new Error(`the limit was changed: ${changed.join(', ')}`);
  const options = parseOptions(process.argv.slice(2));
  const { found, absent } = contenders(options);
  checkServers(
    options,
    found.map(({ name }) => name),
  );
  const toRun = chosen(options);
  if (options.clientCore !== undefined) moveTo(options.clientCore);
  const [loadBefore, began, figures] = [load(), performance.now(), new Figures()];
  const sections = await runAll(toRun, { options, contenders: found, figures, say });
  const minutes = (performance.now() - began) / 60_000;
  const loads = [loadBefore, load()] as const;
  const results = { options, figures, sections, absent, loads, minutes };
  say(`\n${factsOf(results).join('\n')}\n\n${plainText(targetTable(figures, false))}`);
  if (options.isClosing) close(results);
}

process.once('exit', () => {
  killServers();
  removeFolders();
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  await main();
} catch (thrown) {
  say(`bench: ${(thrown as Error).stack}\n\n${usage}`);
  process.exit(1); // servers may be running
}

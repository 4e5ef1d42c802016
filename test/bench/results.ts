// RESULTS.md: what a closing run measured, where, and which targets it met. Written by the run only.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figures } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { panelSectionOf, withPanelSection } from './panelSection.ts';
import { markdown, type Table } from './table.ts';
import { targetTable } from './targets.ts';

export interface Section {
  readonly title: string;
  readonly id: string;
  readonly table: Table;
}

export interface Results {
  readonly options: BenchOptions;
  readonly figures: Figures;
  readonly sections: readonly Section[];
  readonly absent: readonly string[];
  /** One-minute load averages at the start and at the end. */
  readonly loads: readonly [string, string];
  readonly minutes: number;
}

/** The page that runs write. */
export const resultsFile = path.join(import.meta.dirname, 'RESULTS.md');

/** The machine and the run, in lines. */
export function factsOf({ options, loads, minutes, absent }: Omit<Results, 'sections'>): string[] {
  const cpus = os.cpus();
  const { core, clientCore } = options;
  return [
    `Date: ${new Date().toISOString().slice(0, 10)}`,
    `Node: ${process.version}, for the engine, the limits and the peers of npm`,
    `CPU: ${cpus[0]?.model ?? 'unknown'}, ${cpus.length} cores`,
    `Kernel: ${os.type()} ${os.release()}`,
    core === undefined
      ? 'Cores: servers and client share them'
      : `Cores: servers on core ${core}, the client on core ${clientCore}`,
    `Rounds: ${options.rounds}, interleaved forwards and backwards`,
    `Engine: --limits ${options.limits}`,
    `Load average: ${loads[0]} at the start, ${loads[1]} at the end (the run itself makes about 1)`,
    `Took: ${minutes.toFixed(0)} minutes`,
    ...absent.map((sentence) => `Not measured: ${sentence}`),
  ];
}

const method = `CPU is of the server's process over all its threads, from the kernel's account in
nanoseconds. Ratios are of the minima over the rounds; rates and latencies are medians, as a client
on the other core sees them over loopback, and are for orientation. \`npm run bench -- --closing\`
writes this page.`;

/** The page as Markdown. */
export function resultsPage(results: Results): string {
  const parts = [
    '# Results of the bench',
    method,
    factsOf(results)
      .map((line) => `- ${line}`)
      .join('\n'),
    '## Targets',
    markdown(targetTable(results.figures, true)),
    ...results.sections.flatMap(({ title, id, table }) => [
      `## ${title} (\`${id}\`)`,
      markdown(table),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Replaces RESULTS.md but for what another run wrote there: the figures of the workbench. */
export function writeResults(results: Results, file = resultsFile): void {
  const kept = panelSectionOf(readFileSync(file, 'utf8'));
  const page = resultsPage(results);
  writeFileSync(file, kept === undefined ? page : withPanelSection(page, kept));
}

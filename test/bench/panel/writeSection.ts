// Around a run of bench:panel: when all was measured, its figures replace those in RESULTS.md.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import type { Figures } from '../figures.ts';
import { panelSection, withPanelSection } from '../panelSection.ts';
import { resultsFile } from '../results.ts';
import { markdown, plainText, tableOf } from '../table.ts';
import { targetTable, verdictOn } from '../targets.ts';
import { forgetFigures, keptFigures } from './keptFigures.ts';
import { panelTargets } from './panelTargets.ts';

const method = `The packed extension in VS Code's server and a headless Chromium, all on one machine with what puts
the records. A webview of this server shares its thread with the workbench, so the page's figures are of both.
Milliseconds of CPU are the kernel's account of one thread; what is called a difference is the load's median less
the idle median. A frame counts from its callback, before it is painted. \`npm run bench:panel\` writes this part.`;

const load = (): string => os.loadavg()[0]!.toFixed(2);

function facts(loadBefore: string): string {
  const cpus = os.cpus();
  return [
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    `- CPU: ${cpus[0]?.model ?? 'unknown'}, ${cpus.length} cores`,
    `- Load average: ${loadBefore} at the start, ${load()} at the end (the run itself makes about 2)`,
  ].join('\n');
}

const isWhole = (figures: Figures): boolean =>
  panelTargets.every((target) => verdictOn(target, figures) !== 'not measured');

/** vitest calls it once, before the first file; what it returns is called after the last. */
export function setup(): () => void {
  forgetFigures();
  const loadBefore = load();
  return () => {
    const { figures, rows } = keptFigures();
    const verdicts = targetTable(figures, true, panelTargets);
    process.stdout.write(`\n${plainText(verdicts)}\n`);
    if (!isWhole(figures)) {
      process.stdout.write('RESULTS.md stays as it was: not all was measured\n');
      return;
    }
    const measured = tableOf(['of', 'metric', 'value'], rows);
    const parts = [method, facts(loadBefore), markdown(verdicts), markdown(measured)];
    const page = readFileSync(resultsFile, 'utf8');
    writeFileSync(resultsFile, withPanelSection(page, panelSection(parts)));
  };
}

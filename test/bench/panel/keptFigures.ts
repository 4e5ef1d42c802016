// The figures of a run of bench:panel, a file for each test that measured some, until all are there.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { outDir } from '../../../tools/paths.mjs';
import { Figures } from '../figures.ts';

const folder = path.join(outDir, 'bench-panel');

/** By what was measured, then by metric. */
export type Kept = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function forgetFigures(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Keeps what a test has measured, and prints it. */
export function keepFigures(workload: string, kept: Kept): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${workload}.json`), JSON.stringify(kept));
  for (const [what, metrics] of Object.entries(kept)) {
    const words = Object.entries(metrics).map(([metric, value]) => `${metric} ${written(value)}`);
    process.stdout.write(`${workload}: ${what}: ${words.join(', ')}\n`);
  }
}

/** Those of this run, and as rows: what, metric, value. */
export function keptFigures(): { figures: Figures; rows: string[][] } {
  const figures = new Figures();
  const rows: string[][] = [];
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const file of files) {
    const workload = path.parse(file).name;
    const kept = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Kept;
    for (const [what, metrics] of Object.entries(kept)) {
      figures.set(`${workload}/${what}`, metrics);
      for (const [metric, value] of Object.entries(metrics)) {
        rows.push([`${workload}: ${what}`, metric, written(value)]);
      }
    }
  }
  return { figures, rows };
}

const written = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1);

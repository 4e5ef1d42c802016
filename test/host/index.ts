// The entry that VS Code calls inside its extension host: runs the test files beside it with mocha
// and leaves every result in SHARDSCOPE_HOST_REPORT. It tests nothing itself.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

interface Result {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  durationMs?: number | undefined;
  error?: string;
}

/** Collects what happens to every test; hooks that fail count as tests that failed. */
function collectResults(runner: Mocha.Runner): Result[] {
  const results: Result[] = [];
  runner.on('pass', (test) => {
    results.push({ title: test.fullTitle(), state: 'passed', durationMs: test.duration });
  });
  runner.on('fail', (test, error) => {
    const text = error?.stack ?? String(error);
    results.push({ title: test.fullTitle(), state: 'failed', error: text });
  });
  runner.on('pending', (test) => results.push({ title: test.fullTitle(), state: 'skipped' }));
  return results;
}

function writeReport(results: Result[]): void {
  const file = process.env.SHARDSCOPE_HOST_REPORT;
  if (!file) return;
  const report = { results, vscodeVersion: vscode.version, nodeVersion: process.version };
  writeFileSync(file, JSON.stringify(report, null, 1));
}

/** Runs all tests; rejects when one failed, which is what VS Code makes its exit code of. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha'); // an ES module; this file is not
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 120_000 });
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  for (const name of files.sort()) mocha.addFile(path.join(__dirname, name));
  let results: Result[] = [];
  const failures = await new Promise<number>((resolve) => {
    results = collectResults(mocha.run(resolve));
  });
  writeReport(results);
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}

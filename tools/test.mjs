// npm test [-- --only=types,unit] [--floor]: set-up, then every suite in turn, whatever the ones
// before it said. Its last line is `N passed, N failed` over all suites.
//
// --floor runs the suite of the extension host on the oldest VS Code that we support.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const isFloor = process.argv.includes('--floor');
if (isFloor) process.env.SHARDSCOPE_HOST_TREE = 'host-floor'; // before paths.mjs looks at it

const { outDir } = await import('./paths.mjs');
const { setup } = await import('./setup.mjs');
const { runNode, steps } = await import('./steps.mjs');
const { countVitest, readReport, settle, summarise } = await import('./summary.mjs');

const reports = path.join(outDir, 'reports');

/**
 * `commands` suites count one check for each command; `vitest` and `own` suites report their tests.
 * @type {{ name: string, kind: 'commands' | 'vitest' | 'own', needs?: 'build' | 'package' }[]}
 */
const suites = [
  { name: 'types', kind: 'commands' },
  { name: 'lint', kind: 'commands' },
  { name: 'unit', kind: 'vitest' },
  { name: 'package', kind: 'commands' },
  { name: 'process', kind: 'vitest', needs: 'build' },
  { name: 'host', kind: 'own', needs: 'build' },
  { name: 'ui', kind: 'vitest', needs: 'package' },
  { name: 'start', kind: 'vitest', needs: 'package' },
];

/** Exit codes of the steps that were run already, so that none is run for two suites. */
const done = new Map();

async function runStep(name) {
  for (const argv of steps[name]) {
    const code = await runNode(argv);
    done.set(name, code);
    if (code !== 0) return code;
  }
  return 0;
}

/** True when what a suite needs is there; `package` includes `build`. */
async function prepare(needs) {
  if (!needs || done.get('package') === 0) return true;
  return (done.get(needs) ?? (await runStep(needs))) === 0;
}

async function runCommands(name) {
  /** @type {import("./summary.mjs").Counts & { failures: string[] }} */
  const counts = { passed: 0, failed: 0, failures: [] };
  for (const argv of steps[name]) {
    const code = await runNode(argv);
    counts[code === 0 ? 'passed' : 'failed'] += 1;
    if (code !== 0) counts.failures.push(`${argv.join(' ')}: exit code ${code}`);
  }
  done.set(name, counts.failed > 0 ? 1 : 0);
  return counts;
}

async function runReporting({ name, kind }) {
  const file = path.join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const json = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const argv = [...steps[name][0], ...(kind === 'vitest' ? json : [])];
  const code = await runNode(argv, { ...process.env, SHARDSCOPE_REPORT: file });
  const report = readReport(file);
  return settle(report && kind === 'vitest' ? countVitest(report) : report, code);
}

async function runSuite(suite) {
  if (suite.kind === 'commands') return settle(await runCommands(suite.name), 0);
  if (await prepare(suite.needs)) return runReporting(suite);
  console.error(`${suite.name} was not run: ${suite.needs} failed`);
  return settle(undefined, 1);
}

function chosen() {
  if (isFloor) return suites.filter(({ name }) => name === 'host');
  const only = process.argv.find((argument) => argument.startsWith('--only='));
  if (!only) return suites;
  const names = only.slice('--only='.length).split(',');
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length === 0) return suites.filter(({ name }) => names.includes(name));
  console.error(
    `no such suite: ${unknown}; there are ${suites.map(({ name }) => name).join(', ')}`,
  );
  process.exit(64);
}

async function main() {
  const results = [];
  const selected = chosen();
  setup();
  mkdirSync(reports, { recursive: true });
  for (const suite of selected) {
    console.log(`\n== ${suite.name}`);
    const startedMs = Date.now();
    const counts = await runSuite(suite);
    const seconds = (Date.now() - startedMs) / 1000;
    console.log(
      `== ${suite.name}: ${counts.failed > 0 ? 'FAILED' : 'ok'} in ${seconds.toFixed(1)} s`,
    );
    results.push({ name: suite.name, seconds, ...counts });
  }
  const { lines, exitCode } = summarise(results);
  console.log(`\n${lines.join('\n')}`);
  process.exitCode = exitCode;
}

await main();

// The commands that npm scripts and suites are made of; each runs on the Node of tools/host.
import { spawn } from 'node:child_process';
import { node24, root } from './paths.mjs';

const tsc = 'node_modules/typescript/bin/tsc';
const vitest = 'node_modules/vitest/vitest.mjs';
const biome = 'node_modules/@biomejs/biome/bin/biome';

/** The engine's process and what it loads late. */
const engineBuild = ['tools/build.mjs', 'engine.cjs', 'control.cjs', 'certificate.cjs'];

/** What each step runs: one or more argument lists for Node. */
export const steps = {
  build: [['tools/build.mjs']],
  package: [['tools/build.mjs'], ['tools/package.mjs']],
  types: [
    [tsc, '-p', '.'],
    [tsc, '-p', 'src'],
    [tsc, '-p', 'webview'],
    [tsc, '-p', 'tools'],
  ],
  lint: [[biome, 'ci']],
  format: [[biome, 'check', '--write']],
  // As many as there are cores: by itself it takes one less, which of two is half.
  unit: [[vitest, 'run', '--project=unit', '--maxWorkers=100%']],
  process: [[vitest, 'run', '--project=process']],
  crash: [['test/crash/main.ts']],
  kills: [['test/process/kills/main.ts']],
  fanOut: [['tools/build.mjs', 'engine.cjs'], ['test/process/fanOut/main.ts']],
  fuzz: [['test/fuzz/main.ts']],
  mutation: [['node_modules/@stryker-mutator/core/bin/stryker.js', 'run']],
  property: [
    [
      vitest,
      'run',
      '--project=unit',
      'test/engine/model.test.ts',
      'test/tail/engineTail.property.test.ts',
    ],
  ],
  host: [['tools/testHost.mjs']],
  ui: [[vitest, 'run', '--project=ui']],
  tenMillion: [['test/process/tenMillion.ts']],
  start: [[vitest, 'run', '--project=start']],
  interop: [engineBuild, ['test/interop/main.ts']],
  bench: [[...engineBuild, 'worker.cjs'], ['test/bench/main.ts']],
  benchPanel: [['tools/build.mjs'], ['tools/package.mjs'], [vitest, 'run', '--project=bench']],
};

/**
 * Runs Node with these arguments in the checkout; resolves to its exit code. It ends with us: a
 * signal that we get is handed on.
 * @param {string[]} argv
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function runNode(argv, env = process.env) {
  const child = spawn(node24, argv, { cwd: root, env, stdio: 'inherit' });
  const handOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.on('SIGINT', handOn).on('SIGTERM', handOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', handOn).off('SIGTERM', handOn);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

// Runs test/host/*.test.ts inside an extension host, against the extension in this checkout.
//
// Which VS Code: VSCODE_EXECUTABLE=/path/to/code takes a desktop; without it, this Node with
// tools/codeHost.mjs as its first argument plays the part of `code`.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { outDir, root } from './paths.mjs';
import { failureLine, writeReport } from './summary.mjs';
import { freePort } from './vscodeServer.mjs';

const sources = path.join(root, 'test', 'host');
const bundles = path.join(outDir, 'host');
const desktop = process.env.VSCODE_EXECUTABLE;

/** The runner and each test file on their own: what a test imports of src/ is its own copy. */
async function bundleTests() {
  const files = readdirSync(sources).filter((name) => name.endsWith('.ts'));
  rmSync(bundles, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: files.map((name) => path.join(sources, name)),
    outdir: bundles,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** What the stand-in gives every server: an engine that meets nobody else's. */
async function writeDesktopSettings(dir) {
  const settings = {
    'shardscope.local.port': await freePort(),
    'shardscope.local.dataFolder': path.join(dir, 'engine'),
  };
  mkdirSync(path.join(dir, 'user', 'User'), { recursive: true });
  writeFileSync(path.join(dir, 'user', 'User', 'settings.json'), JSON.stringify(settings));
}

/** Resolves to VS Code's exit code. */
async function runInVsCode({ dir, workspace, reportFile }) {
  const standIn = desktop ? [] : [path.join(root, 'tools', 'codeHost.mjs')];
  const folders = [`--user-data-dir=${dir}/user`, `--extensions-dir=${dir}/extensions`];
  try {
    return await runTests({
      vscodeExecutablePath: desktop ?? process.execPath,
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(bundles, 'index.cjs'),
      extensionTestsEnv: {
        SHARDSCOPE_HOST_REPORT: reportFile,
        SHARDSCOPE_OWNER_PID: String(process.pid), // of a desktop; the server names itself
      },
      launchArgs: [...standIn, workspace, '--disable-telemetry', ...folders],
    });
  } catch (error) {
    console.error(String(error));
    return /** @type {{ code?: number }} */ (error).code || 1;
  }
}

function printResults(results) {
  const marks = { passed: '  ok  ', skipped: '  --  ', failed: '  NOT ' };
  for (const { state, title, durationMs, error } of results) {
    console.log(`${marks[state]}${title}${durationMs ? ` (${durationMs} ms)` : ''}`);
    if (error) console.log(error);
  }
}

async function main() {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'shardscope-host-'));
  const workspace = path.join(dir, 'workspace');
  const reportFile = path.join(dir, 'report.json');
  cpSync(path.join(sources, 'workspace'), workspace, { recursive: true });
  await bundleTests();
  if (desktop) await writeDesktopSettings(dir);
  const exitCode = await runInVsCode({ dir, workspace, reportFile });
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined;
  if (!report) console.error('the suite in the extension host left no report');
  const { results = [], vscodeVersion, nodeVersion } = report ?? {};
  printResults(results);
  console.log(`in VS Code ${vscodeVersion} on Node ${nodeVersion}`);
  const count = (state) => results.filter((result) => result.state === state).length;
  const counts = {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    failures: results
      .filter(({ state }) => state === 'failed')
      .map(({ title, error }) => failureLine(title, error)),
  };
  writeReport(counts);
  rmSync(dir, { recursive: true, force: true });
  process.exitCode = exitCode || (counts.failed > 0 || counts.passed === 0 ? 1 : 0);
}

await main();

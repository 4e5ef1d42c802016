// Bundles what is shipped into dist/, and fails when a bundle outgrows its budget. With names of
// bundles as arguments it makes those only: `npm run build -- extension.cjs`.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { checkBudgets, formatSizes } from './budgets.mjs';
import { manifest } from './manifest.mjs';
import { thirdPartyNotices } from './notices.mjs';
import { isMain, root } from './paths.mjs';

/** @type {esbuild.BuildOptions} */
const onNode = {
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
};

/**
 * One entry a process or thread: CommonJS bundles do not split, so what loads late is its own.
 * @type {{ name: string, entry: string, budgetBytes: number, options: esbuild.BuildOptions }[]}
 */
const bundles = [
  {
    name: 'extension.cjs',
    entry: 'src/extension/extension.ts',
    budgetBytes: 200_000,
    options: { ...onNode, external: ['vscode'] },
  },
  {
    name: 'engine.cjs',
    entry: 'src/cli/main.ts',
    budgetBytes: 400_000,
    options: { ...onNode, banner: { js: '#!/usr/bin/env node' } },
  },
  {
    name: 'control.cjs',
    entry: 'src/cli/control.ts',
    budgetBytes: 100_000,
    options: onNode,
  },
  {
    name: 'certificate.cjs',
    entry: 'src/cli/tls/makeCertificate.ts',
    budgetBytes: 250_000,
    options: onNode,
  },
  {
    name: 'worker.cjs',
    entry: 'src/worker/main.ts',
    budgetBytes: 1_200_000,
    options: onNode,
  },
  {
    name: 'index.mjs',
    entry: 'src/index.ts',
    budgetBytes: 400_000,
    options: { ...onNode, format: 'esm' },
  },
  {
    name: 'webview/panel.js',
    entry: 'webview/main.tsx',
    budgetBytes: 500_000,
    options: {
      platform: 'browser',
      format: 'iife',
      target: 'chrome134', // Electron 37, VS Code 1.105
      jsx: 'automatic',
      jsxImportSource: 'preact',
      loader: { '.svg': 'dataurl', '.ttf': 'dataurl' },
    },
  },
];

const lateBundleOf = { 'makeCertificate.ts': './certificate.cjs', 'control.ts': './control.cjs' };

/**
 * What is loaded late is not in the bundle that loads it, but beside it.
 * @type {esbuild.Plugin}
 */
const lateBundles = {
  name: 'late bundles',
  setup(building) {
    building.onResolve({ filter: /\/(makeCertificate|control)\.ts$/ }, ({ kind, path: file }) =>
      kind === 'dynamic-import'
        ? { path: lateBundleOf[path.basename(file)], external: true }
        : undefined,
    );
  },
};

/**
 * VS Code's API in one variable. esbuild makes a copy of it for each file that says `import * as vscode`, which
 * is hundreds of getters for each of forty files: a third of what activation costs.
 * @type {esbuild.Plugin}
 */
const vscodeOnce = {
  name: 'vscode once',
  setup(building) {
    building.onLoad({ filter: /[/\\]src[/\\]extension[/\\].*\.ts$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      const contents = source.replace(
        "import * as vscode from 'vscode'",
        "import { vscode } from 'vscode once'",
      );
      return { loader: 'ts', contents };
    });
    building.onResolve({ filter: /^vscode once$/ }, () => ({ path: 'vscode', namespace: 'once' }));
    building.onLoad({ filter: /^vscode$/, namespace: 'once' }, () => ({
      contents: "export const vscode = require('vscode');",
    }));
  },
};

/** Bundles one entry in memory. Maps are for us: .vscodeignore keeps them out of the package. */
async function bundle({ name, entry, options }) {
  const { dir, name: stem, ext } = path.parse(name);
  const { outputFiles = [], metafile } = await esbuild.build({
    ...options,
    plugins: [lateBundles, vscodeOnce],
    entryPoints: [{ in: entry, out: stem }],
    outdir: path.join('dist', dir),
    outExtension: { '.js': ext },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    sourcemap: 'external',
    metafile: true,
    write: false,
    legalComments: 'none', // THIRD_PARTY_NOTICES.txt has the licences in full
    define: { 'process.env.SHARDSCOPE_VERSION': JSON.stringify(manifest.version) },
    logLevel: 'warning',
  });
  return { outputFiles, metafile: /** @type {esbuild.Metafile} */ (metafile) };
}

/** The command can be run by its name. */
const modeOf = (file) => (path.basename(file) === 'engine.cjs' ? 0o755 : 0o644);

function writeOutputs(outputFiles) {
  for (const file of outputFiles) {
    mkdirSync(path.dirname(file.path), { recursive: true });
    // In one move: a process may be loading the file that is there.
    writeFileSync(`${file.path}.part`, file.contents, { mode: modeOf(file.path) });
    renameSync(`${file.path}.part`, file.path);
  }
}

/** What an earlier build left and this one did not make; packages stay. */
function removeStale(written) {
  const dist = path.join(root, 'dist');
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(file) && !file.endsWith('.vsix')) rmSync(file);
  }
}

function sizeOf(outputFiles) {
  const shipped = outputFiles.filter((file) => !file.path.endsWith('.map'));
  return shipped.reduce((bytes, file) => bytes + file.contents.length, 0);
}

function chooseBundles(names) {
  const unknown = names.filter((name) => !bundles.some((one) => one.name === name));
  if (unknown.length > 0) {
    const known = bundles.map(({ name }) => name).join(', ');
    throw new Error(`there is no bundle ${unknown.join(', ')}, but ${known}`);
  }
  return names.length > 0 ? bundles.filter(({ name }) => names.includes(name)) : bundles;
}

/** What only a whole build can say: the notices of all bundles, and which files are of no use. */
function finishWholeBuild(outputs, metafiles) {
  const notices = path.join(root, 'dist', 'THIRD_PARTY_NOTICES.txt');
  writeFileSync(notices, thirdPartyNotices(root, metafiles));
  removeStale(new Set([notices, ...outputs.map((file) => file.path)]));
}

/**
 * Bundles everything, or the bundles named; throws when something does not compile or is larger
 * than its budget.
 * @param {string[]} [names]
 */
export async function build(names = []) {
  const chosen = chooseBundles(names);
  const results = await Promise.all(chosen.map(bundle));
  const outputs = results.flatMap((result) => result.outputFiles);
  const metafiles = results.map((result) => result.metafile);
  const sizes = chosen.map(({ name, budgetBytes }, index) => ({
    name,
    budgetBytes,
    sizeBytes: sizeOf(results[index].outputFiles),
  }));
  writeOutputs(outputs);
  if (chosen === bundles) finishWholeBuild(outputs, metafiles);
  console.log(formatSizes(sizes));
  checkBudgets(sizes);
}

if (isMain(import.meta.url)) {
  try {
    await build(process.argv.slice(2));
  } catch (error) {
    console.error(`build: ${error.message}`);
    process.exitCode = 1;
  }
}

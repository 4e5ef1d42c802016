// Packs dist/ into the one VSIX that users get, and checks what is in it and how large it is.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { checkBudgets, formatSizes } from './budgets.mjs';
import { packedVsix } from './manifest.mjs';
import { isMain, node24, root } from './paths.mjs';
import { zipEntries } from './zip.mjs';

const VSIX_BUDGET_BYTES = 2_500_000;

/** vsce renames the three at the top: `LICENSE` becomes LICENSE.txt, the rest lower case. */
const MAY_SHIP =
  /^(\[Content_Types\]\.xml|extension\.vsixmanifest|extension\/(package\.json|readme\.md|changelog\.md|license\.txt|(dist|media)\/.+))$/i;
const MUST_SHIP = [
  'package.json',
  'dist/THIRD_PARTY_NOTICES.txt',
  'dist/extension.cjs',
  'dist/engine.cjs',
  'dist/control.cjs',
  'dist/certificate.cjs',
  'dist/worker.cjs',
  'dist/webview/panel.js',
  'dist/webview/panel.css',
].map((name) => `extension/${name}`);
const NEVER_SHIPS = /\/media\/readme\/|\.(map|ts|tsx|vsix)$|\/media\/.*\.m?js$/;

function runVsce(file) {
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const argv = [vsce, 'package', '--no-dependencies', '--no-rewrite-relative-links', '-o', file];
  const run = spawnSync(node24, argv, { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`vsce failed (${run.status}): ${run.stdout}${run.stderr}`);
}

function removeOtherPackages(file) {
  const dist = path.dirname(file);
  const others = readdirSync(dist).filter((name) => name.endsWith('.vsix'));
  for (const name of others) if (path.join(dist, name) !== file) rmSync(path.join(dist, name));
}

/**
 * Throws when the package holds a file that is not for users, or lacks one that is.
 * @param {string[]} names as they stand in the package
 */
export function checkContents(names) {
  const stray = names.filter((name) => !MAY_SHIP.test(name) || NEVER_SHIPS.test(name));
  if (stray.length > 0) throw new Error(`not to be shipped: ${stray.join(', ')}`);
  const missing = MUST_SHIP.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`missing in the package: ${missing.join(', ')}`);
}

/** Packs; afterwards dist/ holds exactly one VSIX. */
export function packExtension() {
  const file = packedVsix();
  runVsce(file);
  removeOtherPackages(file);
  const names = zipEntries(readFileSync(file));
  const size = {
    name: path.basename(file),
    sizeBytes: statSync(file).size,
    budgetBytes: VSIX_BUDGET_BYTES,
  };
  console.log(`${formatSizes([size])}, ${names.length} files`);
  checkContents(names);
  checkBudgets([size]);
  return file;
}

if (isMain(import.meta.url)) {
  try {
    packExtension();
  } catch (error) {
    console.error(`package: ${error.message}`);
    process.exitCode = 1;
  }
}

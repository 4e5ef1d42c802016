// Installs what a build, a test or a start needs. No dependencies, Node 20 or later; a second run
// does nothing and takes a fraction of a second.
//
//   node_modules/             from package-lock.json             (build tools, test runner)
//   tools/host/node_modules/  from tools/host/package-lock.json  (code-server and its Node)
//   .../code-server/lib/vscode/node_modules from the npm-shrinkwrap.json in code-server's tarball,
//                             which our lock's integrity hash covers
//   tools/peers/node_modules/ from tools/peers/package-lock.json (what the bench measures; asked for)
//   tools/interop/node_modules/ likewise (clients that test/interop drives, which asks for them)
//   chromium                  from Debian, for the tests of the workbench
//
// Each tree carries a stamp with the hash of the lock it was made from. `npm ci` deletes the tree
// and the stamp with it, so a run that was cut off is done again.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from './chromium.mjs';
import { hostDir, isMain, node24, peersDir, platform, root, vscodeDir } from './paths.mjs';

/** Raise it when the way a tree is made changes. */
const RECIPE = 1;

/** Whatever NODE_ENV or the user's settings say. */
const ALL_KINDS = ['--include=dev', '--include=optional'];

/** What npm exports for its own project. The user's own settings stay. */
const NPM_OWN =
  /^(npm_(package|lifecycle|command|node_execpath|execpath)|npm_config_(local_prefix|ignore_scripts|omit|include|prefix)$|INIT_CWD$|NODE_OPTIONS$)/i;

const DEBIAN_PACKAGES = ['chromium', 'fonts-dejavu-core'];

const readText = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/**
 * The stamp of a tree made from these lock files.
 * @param {string[]} lockFiles
 */
export function stampOf(lockFiles) {
  const hash = createHash('sha256').update(`recipe ${RECIPE}\n`);
  for (const file of lockFiles) hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/**
 * Runs `install` unless the tree's stamp says that it was made from this lock; true when it ran.
 * The stamp is removed first and written last, so that a run that was cut off is done again.
 * @param {{ dir: string, force?: boolean, install: () => void }} tree
 */
export function ensureTree({ dir, force = false, install }) {
  const stampFile = path.join(dir, 'node_modules', '.setup-stamp');
  const stamp = stampOf([path.join(dir, 'package-lock.json')]);
  if (!force && readText(stampFile) === stamp) return false;
  rmSync(stampFile, { force: true });
  install();
  writeFileSync(stampFile, stamp);
  return true;
}

/**
 * True when a plain `npm ci` by hand has already made this tree from this lock.
 * @param {string} dir
 */
export function isInstalled(dir) {
  const lock = readText(path.join(dir, 'package-lock.json'));
  const made = readText(path.join(dir, 'node_modules', '.package-lock.json'));
  if (!lock || !made) return false;
  const want = JSON.parse(lock).packages;
  const have = JSON.parse(made).packages;
  const isThere = ([name, entry]) =>
    have[name]
      ? have[name].integrity === entry.integrity && existsSync(path.join(dir, name))
      : entry.optional;
  const wanted = Object.entries(want).filter(([name]) => name !== '');
  return Object.keys(have).every((name) => want[name]) && wanted.every(isThere);
}

function npm(cwd, ...args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !NPM_OWN.test(key)));
  const argv = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const caller = process.env.npm_execpath ?? '';
  const result = /npm-cli\.js$/.test(caller) // the npm that runs us, when there is one
    ? spawnSync(process.execPath, [caller, ...argv], { cwd, env, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', argv, {
        cwd,
        env,
        stdio: ['ignore', 2, 2],
        shell: process.platform === 'win32',
      });
  if (result.status === 0) return;
  const reason = result.error?.message ?? result.status ?? result.signal;
  throw new Error(`npm ${args.join(' ')} in ${cwd} failed (${reason})`);
}

/**
 * What the host tree's package.json names itself replaces what the server's own lock names; Node
 * finds it three folders up, and its integrity stands in our lock. VS Code 1.105 needs it:
 * @parcel/watcher is a git dependency there, node-pty and ripgrep lack binaries for Linux.
 */
function replaceNestedPackages() {
  const lockFile = path.join(vscodeDir, 'npm-shrinkwrap.json');
  const packageFile = path.join(vscodeDir, 'package.json');
  const lock = JSON.parse(readText(lockFile));
  const manifest = JSON.parse(readText(packageFile));
  const own = JSON.parse(readText(path.join(hostDir, 'package.json'))).devDependencies;
  const replaced = Object.keys(own).filter((name) => manifest.dependencies[name]);
  if (replaced.length === 0) return;
  for (const name of replaced) {
    delete manifest.dependencies[name];
    delete lock.packages[''].dependencies[name];
    delete lock.packages[`node_modules/${name}`];
  }
  writeFileSync(lockFile, JSON.stringify(lock, null, 2));
  writeFileSync(packageFile, JSON.stringify(manifest, null, 2));
}

/** Removes what no test uses: assistants, other platforms' binaries (404 -> 123 MiB). */
function pruneServer() {
  const modules = path.join(vscodeDir, 'node_modules');
  const unused = [
    '@github/copilot-sdk',
    `@github/copilot-sdk-${platform}`,
    '@microsoft/mxc-sdk',
    '@vscode/windows-process-tree',
    '@vscode/windows-registry',
  ];
  for (const dir of ['@vscode/ripgrep-universal/bin', 'node-pty/prebuilds']) {
    if (!existsSync(path.join(modules, dir))) continue;
    const others = readdirSync(path.join(modules, dir)).filter((name) => name !== platform);
    unused.push(...others.map((name) => `${dir}/${name}`));
  }
  for (const name of unused) rmSync(path.join(modules, name), { recursive: true, force: true });
}

/** Runs the server's Node and gives its version. npm leaves out, in silence, an optional package
 *  that it cannot fetch; so this comes before the stamp. */
function checkHostNode() {
  const run = spawnSync(node24, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  if (run.status === 0) return run.stdout.trim();
  const reason = run.error?.message ?? run.stderr;
  throw new Error(`${node24} does not run (${reason}); is ${platform} in tools/host/package.json?`);
}

function installHost(force) {
  if (force || !isInstalled(hostDir)) npm(hostDir, 'ci', '--ignore-scripts', ...ALL_KINDS);
  replaceNestedPackages();
  // --legacy-peer-deps: the shipped shrinkwrap lacks tslib, a peer of one package, and `npm ci`
  // refuses it otherwise.
  npm(vscodeDir, 'ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps');
  pruneServer();
  checkHostNode();
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 2, 2], env });
  if (run.status !== 0) throw new Error(`apt-get ${args.join(' ')} failed (${run.status})`);
}

/**
 * Installs Chromium where we may; else says in one line what to do. Only the tests of the workbench
 * need it, so its absence fails those and nothing else.
 */
function ensureChromium(log) {
  if (findChromium()) return false;
  if (process.env.CHROMIUM) {
    log(`setup: CHROMIUM says ${process.env.CHROMIUM}, but there is no such file`);
    return false;
  }
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!isDebianRoot) {
    log(
      `setup: no Chromium, which the host and ui tests need: install ${DEBIAN_PACKAGES.join(' and ')} or set CHROMIUM=/path/to/chrome`,
    );
    return false;
  }
  log(`setup: installing ${DEBIAN_PACKAGES.join(', ')} (the tests drive the workbench with it) …`);
  aptGet('update');
  aptGet('install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES);
  return true;
}

/**
 * Brings a tree that npm alone makes up to date; true when there was something to do.
 * @param {{ dir: string, why: string }} tree
 */
export function ensurePlainTree({ dir, why }) {
  return ensureTree({
    dir,
    install() {
      console.error(`setup: installing ${path.relative(root, dir)} (${why}) …`);
      installPlain(dir, false);
    },
  });
}

function installPlain(dir, force) {
  if (force || !isInstalled(dir)) npm(dir, 'ci', '--ignore-scripts', ...ALL_KINDS);
}

function trees(force, peers) {
  const plain = (dir, why) => ({ dir, why, install: () => installPlain(dir, force) });
  const usual = [
    plain(root, 'build tools and test runner'),
    { dir: hostDir, why: 'VS Code server and its Node', install: () => installHost(force) },
  ];
  return peers ? [...usual, plain(peersDir, 'other Kinesis servers')] : usual;
}

/**
 * Brings everything up to date and tells what it did.
 * @param {{ force?: boolean, browser?: boolean, peers?: boolean, log?: (line: string) => void }} [options]
 * `browser: false` leaves Chromium alone: `npm start` uses the reader's own. `peers: true` brings
 * the other servers that the bench measures.
 */
export function setup({ force = false, browser = true, peers = false, log = console.error } = {}) {
  const startedMs = Date.now();
  const did = [];
  for (const { dir, why, install } of trees(force, peers)) {
    const name = path.relative(root, dir) || '.';
    const ran = ensureTree({
      dir,
      force,
      install() {
        log(`setup: installing ${name} (${why}) …`);
        install();
      },
    });
    if (ran) did.push(name);
  }
  if (browser && ensureChromium(log)) did.push('chromium');
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  if (did.length > 0) log(`setup: ${did.join(', ')} ready in ${seconds} s`);
  return { did, nodeVersion: checkHostNode() };
}

function main() {
  const { did, nodeVersion } = setup({ force: process.argv.includes('--force') });
  console.log(`setup: ${did.length > 0 ? 'done' : 'nothing to do'}, host Node ${nodeVersion}`);
  if (!findChromium()) process.exitCode = 1;
}

if (isMain(import.meta.url)) {
  try {
    main();
  } catch (error) {
    console.error(`setup: ${error.message}`);
    process.exitCode = 1;
  }
}

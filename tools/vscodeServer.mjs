// Starts the VS Code server that code-server ships (the real workbench, a real extension host on
// Node) on loopback, with everything that phones home switched off.
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endOwned } from './owned.mjs';
import { node24, root, vscodeDir } from './paths.mjs';

const START_MAX_MS = 60_000;
const STOP_MAX_MS = 5_000;
const POLL_MS = 50;
const serverMain = path.join(vscodeDir, 'out', 'server-main.js');

/** What a window in a test needs to look right; fewer built-ins save a third of the CPU. */
export const BUILTINS_FOR_TESTS = [
  'theme-defaults',
  'theme-seti',
  'theme-modern-icons',
  'configuration-editing',
  'json',
  'javascript',
  'typescript-basics',
  'markdown-basics',
];

/** Built-ins that debug a Node program when F5 is pressed. */
export const BUILTINS_FOR_DEBUGGING = ['ms-vscode.js-debug', 'ms-vscode.js-debug-companion'];

const NEEDS_THE_NETWORK =
  /^(copilot|github|github-authentication|microsoft-authentication|tunnel-forwarding)$/;

/** Settings under which a window asks nobody anything and shows nothing of its own accord. */
const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'telemetry.feedback.enabled': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.experimentalOnboarding': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.localHistory.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'json.schemaDownload.enable': false,
  'git.autofetch': false,
  'remote.autoForwardPorts': false, // else a toast and a badge for each server on loopback
  'files.simpleDialog.enable': true,
};

/** Listens for a moment; resolves to the port, undefined when it is taken. */
async function tryPort(port) {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(address.port));
    });
  });
}

/** A loopback port that nobody listened on a moment ago. */
export const freePort = () => tryPort(0);

/** Whether nobody listened on a loopback port a moment ago. */
export const isPortFree = async (port) => (await tryPort(port)) !== undefined;

/** Every built-in of this VS Code that works without the network. */
export function builtinsOffline() {
  const all = readdirSync(path.join(vscodeDir, 'extensions'), { withFileTypes: true });
  const folders = all.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.filter((name) => name !== 'node_modules' && !NEEDS_THE_NETWORK.test(name));
}

function serverFolders(dir) {
  const folders = {
    dir,
    data: path.join(dir, 'data'),
    extensions: path.join(dir, 'extensions'),
    builtin: path.join(dir, 'builtin'),
    home: path.join(dir, 'home'),
    run: path.join(dir, 'run'),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return folders;
}

function writeJson(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * User settings of a remote window do not reach machine-scoped ones; those have their own file.
 * @param {ReturnType<typeof serverFolders>} folders
 * @param {ServerOptions} options
 */
function writeSettings(folders, { settings, machineSettings, keepSettings }) {
  const user = path.join(folders.data, 'User', 'settings.json');
  const machine = path.join(folders.data, 'Machine', 'settings.json');
  if (!keepSettings || !existsSync(user)) writeJson(user, { ...QUIET_SETTINGS, ...settings });
  if (!keepSettings || !existsSync(machine)) writeJson(machine, machineSettings);
}

function linkBuiltins(folders, builtins) {
  rmSync(folders.builtin, { recursive: true, force: true });
  mkdirSync(folders.builtin);
  for (const builtin of builtins) {
    const source = path.isAbsolute(builtin) ? builtin : path.join(vscodeDir, 'extensions', builtin);
    if (existsSync(source)) symlinkSync(source, path.join(folders.builtin, path.basename(source)));
  }
}

function serverEnv(folders, extra) {
  const own = {
    ...extra,
    EXTENSIONS_GALLERY: '{}', // no marketplace
    HOME: folders.home,
    XDG_CONFIG_HOME: path.join(folders.home, '.config'),
    XDG_DATA_HOME: path.join(folders.home, '.local/share'),
    XDG_CACHE_HOME: path.join(folders.home, '.cache'),
    XDG_RUNTIME_DIR: folders.run, // the server's sockets; else they stay in /tmp
  };
  const isForeign = (key) => /^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS$|VITEST)/.test(key);
  const inherited = Object.entries(process.env).filter(([key]) => !isForeign(key));
  return { ...Object.fromEntries(inherited), ...own };
}

const folderArguments = (folders) => [
  '--accept-server-license-terms',
  '--user-data-dir',
  folders.data,
  '--extensions-dir',
  folders.extensions,
  '--server-data-dir',
  folders.dir,
];

function installVsix(vsix, folders, env) {
  const argv = [serverMain, ...folderArguments(folders), '--install-extension', vsix, '--force'];
  const run = spawnSync(node24, argv, { env, encoding: 'utf8' });
  if (run.status === 0 && /successfully installed/.test(run.stdout)) return;
  throw new Error(`installing ${vsix} failed (${run.status}): ${run.stdout}${run.stderr}`);
}

function serverArguments(folders, { port, tokenFile, forTests, hasDriver }) {
  const token = tokenFile
    ? ['--connection-token-file', tokenFile] // not the token itself: `ps` shows arguments
    : ['--without-connection-token'];
  const trust = forTests ? ['--disable-workspace-trust'] : [];
  const driver = hasDriver ? ['--enable-smoke-test-driver'] : [];
  return [
    ...['--host', '127.0.0.1', '--port', String(port), ...token, ...folderArguments(folders)],
    ...['--builtin-extensions-dir', folders.builtin, '--log', 'info'],
    ...['--disable-telemetry', '--telemetry-level', 'off', '--disable-experiments'],
    ...['--disable-getting-started-override', ...trust, ...driver],
  ];
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {} // gone meanwhile
}

async function answers(origin) {
  try {
    const response = await fetch(`${origin}/version`);
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}

async function waitUntilAnswering(origin, state) {
  const deadlineMs = Date.now() + START_MAX_MS;
  while (!(await answers(origin))) {
    if (state.ended) throw new Error(`the VS Code server ended early; see ${state.logFile}`);
    if (Date.now() > deadlineMs) {
      throw new Error(`the VS Code server did not answer in ${START_MAX_MS} ms`);
    }
    await delay(POLL_MS);
  }
}

/** Spawns the server as a group of its own, which ends with us in whatever manner we end. */
function spawnServer(argv, folders, env) {
  const logFile = path.join(folders.dir, 'server.log');
  const log = createWriteStream(logFile);
  const preload = ['--require', path.join(root, 'tools', 'guard.cjs')];
  const child = spawn(node24, [...preload, serverMain, ...argv], {
    env: { ...env, SHARDSCOPE_GUARD: '1' },
    cwd: folders.dir,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const killGroup = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killGroup);
  const state = { child, logFile, ended: false, exited: Promise.resolve(), killGroup };
  state.exited = new Promise((resolve) => {
    child.once('exit', () => {
      state.ended = true;
      resolve(undefined);
    });
  });
  return state;
}

async function stopServer(state) {
  signalGroup(state.child, 'SIGTERM');
  await Promise.race([state.exited, delay(STOP_MAX_MS, undefined, { ref: false })]);
  state.killGroup();
  process.removeListener('exit', state.killGroup);
  await endOwned(state.child.pid);
}

/** A free port to listen on later: of those that no system gives to outgoing connections meanwhile. */
async function portToKeep() {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    if (await isPortFree(port)) return port;
  }
}

/** Settings that give a test its own engine: no test meets another's port or records. */
async function ownEngine(folders) {
  return {
    'shardscope.local.port': await portToKeep(),
    'shardscope.local.dataFolder': path.join(folders.dir, 'engine'),
  };
}

/**
 * @typedef {object} ServerOptions
 * @property {string} [dir] Kept after the stop; without it a temporary folder is made and removed.
 * @property {string[]} [vsix] Packed extensions to install first.
 * @property {string[]} [builtins] Names of built-ins, or absolute paths of extensions beside them.
 * @property {Record<string, unknown>} [settings] User settings.
 * @property {Record<string, unknown>} [machineSettings] Machine-scoped settings.
 * @property {boolean} [keepSettings] Leave the settings that are in `dir` already.
 * @property {Record<string, string | undefined>} [env]
 * @property {string} [tokenFile] Holds the token that a window must bring; without it all may come.
 * @property {number} [port]
 * @property {boolean} [forTests] No workspace trust, an engine of its own. Default true.
 * @property {boolean} [hasDriver] With VS Code's smoke-test driver windows can load extensions and
 * tests by path (else their payload is ignored in silence), but show no notification.
 */

/**
 * Starts a VS Code server; resolves when it answers.
 * @param {ServerOptions} [options]
 */
export async function startServer(options = {}) {
  if (!existsSync(serverMain)) {
    throw new Error('the VS Code server is not installed: run `npm run setup`');
  }
  const {
    forTests = true,
    hasDriver = false,
    builtins = BUILTINS_FOR_TESTS,
    vsix = [],
    env: extraEnv,
  } = options;
  const dir = options.dir ?? mkdtempSync(path.join(os.tmpdir(), 'shardscope-vscode-'));
  const folders = serverFolders(dir);
  const env = serverEnv(folders, extraEnv);
  const machineSettings = {
    ...(forTests ? await ownEngine(folders) : {}),
    ...options.machineSettings,
  };
  writeSettings(folders, { ...options, machineSettings });
  linkBuiltins(folders, builtins);
  for (const file of vsix) installVsix(file, folders, env);
  const port = options.port ?? (await freePort());
  const argv = serverArguments(folders, {
    port,
    tokenFile: options.tokenFile,
    forTests,
    hasDriver,
  });
  const state = spawnServer(argv, folders, env);
  const origin = `http://127.0.0.1:${port}`;
  await waitUntilAnswering(origin, state);
  return {
    origin,
    dir,
    machineSettings,
    pid: /** @type {number} */ (state.child.pid),
    logFile: state.logFile,
    exited: state.exited,
    /** Ends the server, its windows' extension hosts and the engines that they forked. */
    async stop() {
      await stopServer(state);
      if (!options.dir) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * The address of a window. Its payload is what `code --extensionDevelopmentPath … ` is on a desktop,
 * but the workbench keeps the last of several paths only.
 * @param {string} origin
 * @param {{ token?: string, folder?: string, extensionDevelopmentPath?: string,
 *   extensionTestsPath?: string }} [options]
 */
export function windowUrl(origin, options = {}) {
  const { token, folder, extensionDevelopmentPath, extensionTestsPath } = options;
  const remote = (file) => {
    const encoded = encodeURI(path.resolve(file)).replace(/[?#]/g, encodeURIComponent);
    return `vscode-remote://${new URL(origin).host}${encoded}`;
  };
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (extensionDevelopmentPath) {
    payload.push(['extensionDevelopmentPath', remote(extensionDevelopmentPath)]);
  }
  if (extensionTestsPath) payload.push(['extensionTestsPath', remote(extensionTestsPath)]);
  const query = new URLSearchParams();
  if (token) query.set('tkn', token);
  if (folder) query.set('folder', path.resolve(folder));
  else query.set('ew', 'true');
  query.set('payload', JSON.stringify(payload));
  return `${origin}/?${query}`;
}

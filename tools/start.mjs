// npm start [-- FOLDER] [--web] [--no-build]: set-up, build, package, then a VS Code with the packed
// extension in it, on the welcome view of Shardscope.
//
// With a desktop `code` on PATH that is a window of it, under a user-data and an extensions folder
// of our own, so that nothing of yours is touched. Else (or with --web) it is the VS Code server on
// 127.0.0.1 behind a random token, for your browser. Both keep their settings in out/start.
//
// However it ends, Ctrl-C, SIGTERM or SIGKILL, all that it started ends: see guard.cjs, and
// SHARDSCOPE_OWNER_PID in it for the local engine, which is detached from every window.
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findDesktop, openDesktop } from './desktop.mjs';
import { packedVsix } from './manifest.mjs';
import { parentOf } from './owned.mjs';
import { outDir, root } from './paths.mjs';
import { setup } from './setup.mjs';
import { runNode, steps } from './steps.mjs';
import { builtinsOffline, freePort, isPortFree, startServer } from './vscodeServer.mjs';

const PARENT_POLL_MS = 500;
const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
const ancestorsAtStart = ancestors();
const stateDir = process.env.SHARDSCOPE_START_DIR ?? path.join(outDir, 'start');
const startHelper = path.join(root, 'tools', 'startHelper');

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const givenFolder = process.argv.slice(2).find((argument) => !argument.startsWith('--'));

/** The folder to open: the one given, else our own copy of the sample; your edits in it stay. */
function workspaceFolder() {
  if (givenFolder) return path.resolve(givenFolder);
  const folder = path.join(stateDir, 'sample');
  const sample = path.join(root, 'tools', 'sampleWorkspace');
  cpSync(sample, folder, { recursive: true, force: false });
  return folder;
}

async function buildPackage() {
  if (flags.includes('--no-build') && existsSync(packedVsix())) return;
  for (const argv of steps.package) {
    const code = await runNode(argv);
    if (code !== 0) process.exit(code);
  }
}

/** The port of the last start when it is free: a browser keeps a window's state by address. */
async function stablePort() {
  const file = path.join(stateDir, 'port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = last > 0 && (await isPortFree(last)) ? last : await freePort();
  writeFileSync(file, String(port));
  return port;
}

function writeToken() {
  const token = randomBytes(24).toString('hex');
  const tokenFile = path.join(stateDir, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  return { token, tokenFile };
}

async function openServer(folder) {
  const { token, tokenFile } = writeToken();
  const server = await startServer({
    dir: path.join(stateDir, 'server'),
    vsix: [packedVsix()],
    builtins: [...builtinsOffline(), startHelper],
    keepSettings: true,
    tokenFile,
    port: await stablePort(),
    forTests: false,
  });
  const query = new URLSearchParams({ tkn: token, folder });
  console.error('start: VS Code is ready. Open this address in a browser; Ctrl-C ends it.');
  console.log(`${server.origin}/?${query}`);
  return server;
}

/**
 * npm starts us through a shell. A `kill` of npm reaches npm alone, or it and its shell, but not us:
 * then our parent or the parent of that changes.
 */
function onNpmGone(end) {
  if (!process.env.npm_lifecycle_event) return;
  setInterval(() => {
    if (ancestors() !== ancestorsAtStart) end();
  }, PARENT_POLL_MS).unref();
}

async function main() {
  setup({ browser: false });
  mkdirSync(stateDir, { recursive: true });
  await buildPackage();
  const folder = workspaceFolder();
  const code = flags.includes('--web') ? undefined : findDesktop();
  const running = code
    ? openDesktop({ code, folder, startHelper, vsix: packedVsix(), dir: stateDir })
    : await openServer(folder);
  let isEnding = false;
  const end = async () => {
    if (isEnding) return;
    isEnding = true;
    await running.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  onNpmGone(end);
  await running.exited;
  if (isEnding) return; // `end` has the last word
  console.error(code ? 'start: the window was closed' : `start: ended; see ${running.logFile}`);
  await running.stop();
  process.exit(code ? 0 : 1);
}

await main();

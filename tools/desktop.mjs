// Opens a window of the desktop VS Code, when there is one that can be used.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { endOwned, signalOwned } from './owned.mjs';

/** A `code` that opens windows by itself: not the one in a remote window's own terminal. */
const isDesktopCommand = (file) => existsSync(file) && !file.includes('remote-cli');

/** The path of a desktop `code`; undefined when there is none or it could show nothing here. */
export function findDesktop() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined; // the terminal of a remote window
  if (process.platform === 'linux') {
    const hasScreen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
    if (!hasScreen || process.getuid?.() === 0) return undefined; // it refuses to run as root
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, 'code')).find(isDesktopCommand);
}

function install(code, vsix, folders) {
  const run = spawnSync(code, [...folders, '--install-extension', vsix, '--force'], {
    stdio: ['ignore', 2, 2],
  });
  if (run.status !== 0) throw new Error(`${code} --install-extension ${vsix} failed`);
}

/**
 * Installs the package and opens a window. Not the `code` command but the program behind it holds
 * the window; it inherits SHARDSCOPE_OWNER_PID, and the start helper in it quits when we are gone.
 * @param {{ code: string, vsix: string, folder: string, startHelper: string, dir: string }} options
 */
export function openDesktop({ code, vsix, folder, startHelper, dir }) {
  const folders = [
    `--user-data-dir=${path.join(dir, 'desktop')}`,
    `--extensions-dir=${path.join(dir, 'desktopExtensions')}`,
  ];
  install(code, vsix, folders);
  const argv = [...folders, '--new-window', '--wait', `--extensionDevelopmentPath=${startHelper}`];
  const env = { ...process.env, SHARDSCOPE_OWNER_PID: String(process.pid) };
  const child = spawn(code, [...argv, folder], { env, stdio: ['ignore', 2, 2] });
  console.error(`start: a window of ${code} opens, under settings of its own in ${dir}`);
  return {
    logFile: path.join(dir, 'desktop', 'logs'),
    exited: new Promise((resolve) => child.once('exit', () => resolve(undefined))),
    async stop() {
      signalOwned(process.pid, 'SIGTERM');
      await endOwned(process.pid);
    },
  };
}

// Preloaded into the VS Code server: when the process that started it goes away in whatever manner,
// SIGKILL too, its end of the pipe closes and the server's whole group ends.
//
// It also names the server as the owner of every engine that a window in it forks. Such an engine
// is detached, so that it outlives a reload; it looks at SHARDSCOPE_OWNER_PID and ends itself when
// that process is gone. So nothing stays behind a test or `npm start`.
'use strict';

const GRACE_MS = 2000;

function signalGroup(signal) {
  try {
    process.kill(-process.pid, signal);
  } catch {
    process.exit(70);
  }
}

function endGroup() {
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), GRACE_MS);
}

const isServer = /[\\/]server-main\.js$/.test(process.argv[1] ?? '');
if (isServer && process.env.SHARDSCOPE_GUARD === '1') {
  delete process.env.SHARDSCOPE_GUARD; // neither this
  process.execArgv = []; // nor the preload is for the extension host
  process.env.SHARDSCOPE_OWNER_PID = String(process.pid);
  process.stdin.on('end', endGroup).on('error', endGroup).resume();
}

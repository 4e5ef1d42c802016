// Lives in the windows of `npm start` only: turns the first of them to Shardscope, and closes a
// desktop's when `npm start` is gone.
'use strict';

const vscode = require('vscode');

const OWNER_POLL_MS = 1000;
const SHOWN_FOR = 'shownForOwner';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // it lives, as somebody else's
  }
}

/** Once per `npm start`: a reload leaves the side bar as the user had it. */
async function showShardscope(context, ownerPid) {
  if (context.globalState.get(SHOWN_FOR) === ownerPid) return;
  await vscode.commands.executeCommand('workbench.view.extension.shardscope');
  await context.globalState.update(SHOWN_FOR, ownerPid);
}

function quitWithOwner(context, ownerPid) {
  const timer = setInterval(() => {
    if (!isAlive(ownerPid)) vscode.commands.executeCommand('workbench.action.quit');
  }, OWNER_POLL_MS);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
}

exports.activate = async (context) => {
  const ownerPid = Number(process.env.SHARDSCOPE_OWNER_PID);
  if (!ownerPid) return;
  if (vscode.env.uiKind === vscode.UIKind.Desktop) quitWithOwner(context, ownerPid);
  await showShardscope(context, ownerPid);
};

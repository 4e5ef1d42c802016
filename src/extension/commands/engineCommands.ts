/** Starts, stops and resets the local engine; the actions behind its item in the status bar. */
import * as vscode from 'vscode';
import type { EngineStatus } from '../../admin/adminApi.ts';
import type { App, Command } from '../app.ts';
import type { EngineState } from '../engine/localEngine.ts';
import { UserError } from '../messages.ts';
import { startEngine as startWithProgress } from '../prompts/askTarget.ts';
import { choose } from '../prompts/choose.ts';
import { conditionsOf } from '../tree/engineConditions.ts';
import { counted } from '../tree/labels.ts';

export const startEngine: Command = {
  id: 'shardscope.startEngine',
  run: (app) => startWithProgress(app),
};

export const stopEngine: Command = {
  id: 'shardscope.stopEngine',
  async run(app) {
    const { state } = app.engine;
    if (state.type !== 'running') {
      const start = { title: 'Start', run: () => startWithProgress(app) };
      return app.messages.info('The local engine is not running.', start);
    }
    const others = state.status.windowCount - 1;
    await app.engine.stop();
    const also = others > 0 ? ` ${counted(others, 'other window')} used it too.` : '';
    app.messages.brief(`The local Kinesis engine is stopped; its streams are kept.${also}`);
  },
};

export const resetEngine: Command = {
  id: 'shardscope.resetEngine',
  async run(app) {
    await startWithProgress(app);
    const { state } = app.engine;
    if (state.type !== 'running') throw new UserError('The local engine is not running.');
    const plan = resetPlan(state.status);
    if (!plan) return app.messages.info('The local engine has no streams to delete.');
    app.messages.warn(plan.sentence, { title: plan.button, run: () => reset(app, plan.done) });
  },
};

interface ResetPlan {
  readonly sentence: string;
  readonly button: string;
  /** Said once it is done. */
  readonly done: string;
}

/** What a reset will do; undefined: nothing. */
function resetPlan(status: EngineStatus): ResetPlan | undefined {
  const streams = status.streamCount > 0 && counted(status.streamCount, 'stream');
  const conditions = conditionsOf(status).map(({ text }) => text);
  if (!streams && conditions.length === 0) return undefined;
  const takesBack = conditions.length > 0 && `takes back: ${conditions.join(', ')}`;
  const deletes = streams && `deletes ${streams} of the local engine with all records`;
  return {
    sentence: `Reset ${[deletes, takesBack].filter(Boolean).join(' and ')}.`,
    button: streams ? `Delete ${streams}` : 'Reset',
    done: streams ? `is empty: ${streams} deleted` : 'is as usual again',
  };
}

async function reset(app: App, done: string): Promise<void> {
  await app.engine.admin('reset');
  await app.engine.ensureSeeds();
  app.messages.brief(`The local Kinesis engine ${done}.`);
}

export const copyEndpoint: Command = {
  id: 'shardscope.copyEndpoint',
  async run(app) {
    await startWithProgress(app);
    const endpoint = app.engine.address?.endpoint;
    if (!endpoint) throw new UserError('The local engine is not running.');
    await vscode.env.clipboard.writeText(endpoint);
    app.messages.brief(`Copied ${endpoint}`);
  },
};

export const showLog: Command = {
  id: 'shardscope.showLog',
  run: async (app) => app.log.show(),
};

interface Action {
  readonly label: string;
  readonly command: string;
  readonly argument?: unknown;
  readonly description?: string;
}

const whenRunning: readonly Action[] = [
  { label: '$(pulse) Tail a stream', command: 'shardscope.tailStream' },
  { label: '$(add) Create a stream', command: 'shardscope.createStream' },
  { label: '$(beaker) Try it with sample data', command: 'shardscope.trySample' },
  { label: '$(copy) Copy the endpoint', command: 'shardscope.copyEndpoint' },
  {
    label: '$(trash) Reset',
    command: 'shardscope.resetEngine',
    description: 'deletes all streams',
  },
  {
    label: '$(debug-stop) Stop the engine',
    command: 'shardscope.stopEngine',
    description: 'streams and records are kept',
  },
];

const whenNot: readonly Action[] = [
  { label: '$(play) Start the engine', command: 'shardscope.startEngine' },
  { label: '$(beaker) Try it with sample data', command: 'shardscope.trySample' },
];

const always: readonly Action[] = [
  { label: '$(output) Show the log', command: 'shardscope.showLog' },
  { label: '$(gear) Settings', command: 'shardscope.openSettings' },
];

/** What is not as usual comes first, with the commands that undo it. */
function remediesOf(state: EngineState): Action[] {
  if (state.type !== 'running') return [];
  return conditionsOf(state.status).flatMap(({ text, remedies }) =>
    remedies.map(({ title, ...remedy }) => ({
      label: `$(discard) ${title}`,
      description: text,
      ...remedy,
    })),
  );
}

export const showEngineActions: Command = {
  id: 'shardscope.showEngineActions',
  async run(app) {
    const { state } = app.engine;
    const isRunning = state.type === 'running';
    const prompt = isRunning ? state.status.endpoint : `The local engine is ${state.type}`;
    const actions = [...remediesOf(state), ...(isRunning ? whenRunning : whenNot), ...always];
    const choices = actions.map((action) => ({ ...action, value: action }));
    const { command, argument } = await choose({ title: 'Local Kinesis Engine', prompt }, choices);
    await vscode.commands.executeCommand(command, argument);
  },
};

export const openSettings: Command = {
  id: 'shardscope.openSettings',
  async run(app) {
    const filter = `@ext:${app.context.extension.id}`;
    await vscode.commands.executeCommand('workbench.action.openSettings', filter);
  },
};

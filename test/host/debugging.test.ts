// What terminals, launches and tasks get of the local engine.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { until, windowParts } from './support/window.ts';

describe('programs of the user', () => {
  let parts: WindowParts;
  const endpointInTerminals = (): string | undefined =>
    parts.context.environmentVariableCollection.get('AWS_ENDPOINT_URL_KINESIS')?.value;

  before(async () => {
    parts = await windowParts();
  });

  after(async () => {
    if (parts.engine.state.type === 'running') await parts.engine.stop();
  });

  it('are led to the engine in terminals while it runs, and no longer', async () => {
    const { endpoint } = await parts.engine.start();
    await until('the endpoint', () => endpointInTerminals() === endpoint);
    assert.equal(parts.context.environmentVariableCollection.persistent, false);
    await parts.engine.stop();
    await until('no endpoint', () => endpointInTerminals() === undefined);
  });

  it('find the engine and its streams ready after a task of type shardscope', async () => {
    const [task] = await vscode.tasks.fetchTasks({ type: 'shardscope' });
    assert.equal(task?.name, 'start local engine');
    assert.equal(task?.isBackground, true);
    const execution = await vscode.tasks.executeTask(task!);
    await until('the engine runs', () => parts.engine.state.type === 'running');
    execution.terminate();
  });

  it('find the streams that a task in tasks.json names', async () => {
    const tasks = vscode.workspace.getConfiguration('tasks');
    const own = { label: 'kinesis', type: 'shardscope', streams: { 'task.orders': 3 } };
    await tasks.update('tasks', [own], vscode.ConfigurationTarget.Workspace);
    const task = await until('the task', async () =>
      (await vscode.tasks.fetchTasks({ type: 'shardscope' })).find(
        ({ name }) => name === 'kinesis',
      ),
    );
    await vscode.tasks.executeTask(task);
    const kinesis = parts.connections.kinesis('local');
    await until('the stream and its shards', async () => {
      const { StreamNames } = await kinesis.listStreams({});
      if (!StreamNames.includes('task.orders')) return false;
      const answer = await kinesis.describeStreamSummary({ StreamName: 'task.orders' });
      return answer.StreamDescriptionSummary.OpenShardCount === 3;
    });
    await tasks.update('tasks', undefined, vscode.ConfigurationTarget.Workspace);
    await parts.engine.admin('reset');
  });
});

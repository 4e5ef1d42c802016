// What VS Code knows of the extension before anybody has used it, and what its activation costs.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { theExtension } from './support/window.ts';

describe('activation', () => {
  it('does not happen when the workbench opens', () => {
    assert.equal(theExtension().isActive, false);
  });

  it('takes less than 50 ms of CPU and starts neither engine nor worker', async () => {
    const before = process.cpuUsage();
    const { engine, worker } = await theExtension().activate();
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < 50, `it took ${(user + system) / 1000} ms`);
    assert.equal(engine.state.type, 'stopped');
    assert.equal(worker.isRunning, false);
  });

  it('runs with a port and a data folder of its own', () => {
    const settings = vscode.workspace.getConfiguration('shardscope.local');
    assert.notEqual(settings.get('port'), 4567);
    assert.match(settings.get<string>('dataFolder') ?? '', /engine$/);
  });
});

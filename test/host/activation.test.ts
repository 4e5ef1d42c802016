// What VS Code knows of the extension before anybody has used it, and what its activation costs.
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { theExtension, until } from './support/window.ts';

/** CPU time of this thread where Node can tell it, else of the whole extension host. */
function cpuMs(): number {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage)();
  return (user + system) / 1000;
}

/** True when this thread had next to nothing to do for a second. */
async function isAtRest(): Promise<boolean> {
  const before = performance.eventLoopUtilization();
  await pause(1000);
  return performance.eventLoopUtilization(before).utilization < 0.05;
}

describe('activation', () => {
  it('does not happen when the workbench opens', () => {
    assert.equal(theExtension().isActive, false);
  });

  it('loads the API of VS Code once, not for each of its files', () => {
    const { extensionPath, packageJSON } = theExtension();
    const bundle = readFileSync(path.join(extensionPath, packageJSON.main), 'utf8');
    assert.deepEqual(bundle.match(/=(\w+\()?require\("vscode"\)/g), ['=require("vscode")']);
  });

  it('takes less than 50 ms of CPU and starts neither engine nor worker', async () => {
    await until('the host has come to rest', isAtRest);
    const before = cpuMs();
    const { engine, worker } = await theExtension().activate();
    const tookMs = cpuMs() - before;
    assert.ok(tookMs < 50, `it took ${tookMs} ms`);
    assert.equal(engine.state.type, 'stopped');
    assert.equal(worker.isRunning, false);
  });

  it('runs with a port and a data folder of its own', () => {
    const settings = vscode.workspace.getConfiguration('shardscope.local');
    assert.notEqual(settings.get('port'), 4567);
    assert.match(settings.get<string>('dataFolder') ?? '', /engine$/);
  });
});

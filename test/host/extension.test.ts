// What VS Code knows of the extension before anybody has used it.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('is known to the extension host and activates', async () => {
    const extension = vscode.extensions.getExtension('shardscope.shardscope');
    assert.ok(extension, 'shardscope.shardscope is there');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('runs with a port and a data folder of its own', () => {
    const settings = vscode.workspace.getConfiguration('shardscope.local');
    assert.notEqual(settings.get('port'), 4567);
    assert.match(settings.get<string>('dataFolder') ?? '', /engine$/);
  });
});

// Exporting and importing records through the editor's own prompts: what a user answers, sees and finds on disk.
import * as assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { unpackTick } from '../../src/protocol/packedTick.ts';
import type { TailTick } from '../../src/protocol/tail.ts';
import { answering } from './support/prompts.ts';
import { until, windowParts } from './support/window.ts';

const stream = 'clicks';
const target = { connection: 'local', stream };
const run = (command: string, argument?: unknown) => () =>
  vscode.commands.executeCommand(`shardscope.${command}`, argument);

describe('export and import', () => {
  let parts: WindowParts;
  let folder: string;
  const ticks: TailTick[] = [];
  const file = (name: string) => path.join(folder, name);
  const lines = (name: string) => readFileSync(file(name), 'utf8').trimEnd().split(/\r?\n/);

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'shardscope-export-'));
    parts = await windowParts();
    await parts.engine.start();
    const streams = [
      { name: stream, shards: 2 },
      { name: 'copy', shards: 1 },
      { name: 'coded', shards: 1 },
      { name: 'lines', shards: 1 },
    ];
    await parts.engine.admin('ensure-streams', { streams });
    for (const data of ['{"n":1}', '{"n":2}', '=three']) {
      await answering({ answers: [data, 'key'] }, run('putRecord', target));
    }
    parts.worker.onTick((packed) => ticks.push(unpackTick(packed)));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.engine.admin('reset');
    await parts.engine.stop();
    rmSync(folder, { recursive: true });
  });

  it('a range that no tail holds goes into the file that was named, and opens', async () => {
    const answers = ['The oldest', 'Now', '$.n >= 2', 'JSONL', file('range.jsonl')];
    const heard = await answering(
      { answers, buttons: ['Open File'] },
      run('exportRecords', target),
    );
    assert.match(heard.messages.join(), /^1 record of clicks exported into range\.jsonl, \d+ B\.$/);
    assert.equal(JSON.parse(lines('range.jsonl')[0]!).data, '{"n":2}');
    await until('the file in an editor', () =>
      vscode.window.activeTextEditor?.document.uri.fsPath.endsWith('range.jsonl'),
    );
  });

  it('a range is narrowed by what the decoders read that its stream is pinned to', async () => {
    const coded = { connection: 'local', stream: 'coded' };
    const data = Buffer.from('hello').toString('base64');
    await answering({ answers: [data, 'key'] }, run('putRecord', coded));
    const answers = ['The oldest', 'Now', 'hello', 'JSONL', file('coded.jsonl')];
    for (const [pinned, count] of [
      [[], 0],
      [['base64', 'text'], 1],
    ] as const) {
      await parts.records.pins.set(coded, pinned);
      const { messages } = await answering({ answers }, run('exportRecords', coded));
      assert.match(messages.join(), new RegExp(`^${count} records? of coded exported`));
    }
    await parts.records.pins.set(coded, []);
  });

  it('the rows of a tail go there as its filter has them', async () => {
    parts.panels.showInEditor(target, { type: 'TRIM_HORIZON' });
    const tick = await until('three rows', () =>
      ticks.find(({ tail, records }) => tail > 0 && records.held === 3),
    );
    await parts.worker.call('filterTail', { tail: tick.tail, text: '-n' });
    await until('the filter', () => ticks.at(-1)?.records.matching === 1);
    const answers = ['The rows that match', 'CSV', file('rows.csv')];
    const heard = await answering(
      { answers },
      run('exportRecords', { ...target, tail: tick.tail }),
    );
    assert.deepEqual(heard.choices[0], ['The rows that match', 'A time range of the stream…']);
    assert.match(heard.messages.join(), /^1 record of clicks exported into rows\.csv/);
    const [header, row, ...none] = lines('rows.csv');
    assert.match(header!, /^arrived,shardId,/);
    assert.match(row!, /,key,,"""=three""",$/);
    assert.deepEqual(none, []);
  });

  it('a time that is not after the start is objected to', async () => {
    const answers = ['10 minutes ago', 'A time…', '20m'];
    const heard = await answering(
      { answers },
      run('exportRecords', { connection: 'local', stream: 'copy' }),
    );
    assert.match(heard.objections.join(), /^This is not after /);
  });

  it('an exported file is imported, whole or not at all', async () => {
    const all = ['The oldest', 'Now', '', 'JSONL', file('all.jsonl')];
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await answering({ answers: all }, run('exportRecords', target));
    const uri = vscode.Uri.file(file('all.jsonl'));
    const answers = ['copy', 'Of each shard'];
    const connections = parts.connections.all().length > 1 ? ['Local engine'] : [];
    const heard = await answering(
      { answers: [...connections, ...answers] },
      run('importRecords', uri),
    );
    assert.equal(heard.messages.join(), '3 records put into copy.');
    const back = ['The oldest', 'Now', '', 'JSONL', file('back.jsonl')];
    await answering(
      { answers: back },
      run('exportRecords', { connection: 'local', stream: 'copy' }),
    );
    const texts = (name: string) =>
      lines(name)
        .map((line) => JSON.parse(line).data)
        .sort();
    assert.deepEqual(texts('back.jsonl'), texts('all.jsonl'));

    writeFileSync(file('spoiled.jsonl'), `${lines('all.jsonl').join('\n')}\n{}\n`);
    const spoiled = ['Of each partition key'];
    const told = await answering(
      { answers: [file('spoiled.jsonl'), ...spoiled] },
      run('importRecords', { connection: 'local', stream: 'copy' }),
    );
    assert.match(
      told.messages.join(),
      /^Importing into copy failed: Line 4 of spoiled\.jsonl is no record: /,
    );
  });

  it('of a file that an editor has changed, lines are what the editor shows, and records are refused', async () => {
    const uri = vscode.Uri.file(file('changed.jsonl'));
    writeFileSync(uri.fsPath, 'on disk\n');
    const inGit = { provideTextDocumentContent: () => 'in Git' };
    const provider = vscode.workspace.registerTextDocumentContentProvider('git', inGit);
    await vscode.workspace.openTextDocument(uri.with({ scheme: 'git' }));
    const editor = await vscode.window.showTextDocument(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'not saved\n'));
    const connections = parts.connections.all().length > 1 ? ['Local engine'] : [];
    const answers = [...connections, 'lines'];
    const put = await answering({ answers: [...answers, 'Random'] }, run('publishLines', uri));
    assert.equal(put.messages.join(), '2 records put into lines.');
    const refused = await answering({ answers }, run('importRecords', uri));
    assert.match(refused.messages.join(), /^Save .*changed\.jsonl first: it is read from disk\.$/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    provider.dispose();
  });

  it('a failed export leaves its part only if the user wants it', async () => {
    const missing = { connection: 'local', stream: 'none' };
    const answers = ['The oldest', 'Now', '', 'JSONL', file('none.jsonl')];
    const heard = await answering({ answers }, run('exportRecords', missing));
    assert.match(
      heard.messages.join(),
      /^The export of none failed\. There is no stream none here/,
    );
    await until('no part', () => !readdirSync(folder).some((name) => name.startsWith('none')));
    await until('no memory of it', () => {
      const { workspaceState } = parts.context;
      return workspaceState.get('exportParts') === undefined;
    });
  });
});

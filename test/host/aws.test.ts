// An AWS connection with an endpoint of its own: the local engine plays AWS. It is read-only until unlocked.
import * as assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { answering } from './support/prompts.ts';
import { row, rows, until, windowParts } from './support/window.ts';

const run = (command: string, argument?: unknown) =>
  vscode.commands.executeCommand(`shardscope.${command}`, argument);
const name = 'staging';
const connection = `aws:${name}`;
const stream = 'payments';

/** The worker takes over this thread's environment when it starts: no test meets a user's profiles. */
function awsFiles(): void {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'shardscope-aws-'));
  process.env.AWS_CONFIG_FILE = path.join(dir, 'config');
  process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(dir, 'credentials');
  writeFileSync(process.env.AWS_CONFIG_FILE, '[profile dev]\nregion = eu-west-1\n');
  const keys = 'aws_access_key_id = test\naws_secret_access_key = test\n';
  writeFileSync(process.env.AWS_SHARED_CREDENTIALS_FILE, `[default]\n${keys}[dev]\n${keys}`);
}

describe('an AWS connection', () => {
  let parts: WindowParts;
  let endpoint = '';

  before(async () => {
    awsFiles();
    parts = await windowParts();
    endpoint = (await parts.engine.start()).endpoint;
  });

  after(async () => {
    await answering({}, () => run('removeConnection', { connection }));
    await until('the connection is gone', () => parts.connections.aws().length === 0);
    await parts.engine.admin('reset');
    await parts.engine.stop();
  });

  it('is added by its endpoint and region, and named', async () => {
    const answers = ['Custom endpoint', 'us-east-1', endpoint, name];
    const heard = await answering({ answers }, () => run('addConnection'));
    assert.ok(heard.choices[0]?.includes('dev'), 'profiles are offered');
    await until('the connection', () => parts.connections.find(connection));
    assert.equal(parts.tree.isEmpty, false);
  });

  it('says in the tree that it is read-only', async () => {
    const texts = (await rows(parts)).map(({ text }) => text);
    assert.ok(texts.some((text) => text.startsWith(`${name} | us-east-1, read-only`)));
  });

  it('writes nothing when the question is not answered with Unlock', async () => {
    const answers = [stream, '2'];
    const heard = await answering({ answers }, () => run('createStream', { connection }));
    assert.deepEqual(heard.messages, [`Unlock ${name} (us-east-1) for writing?`]);
    const { StreamNames } = await parts.connections.kinesis('local').listStreams({});
    assert.deepEqual(StreamNames, []);
  });

  it('is asked for its streams once, however often the tree is drawn', async () => {
    const node = await row(parts, name);
    const { kinesis } = parts.connections;
    let calls = 0;
    parts.connections.kinesis = (id) => {
      calls += id === connection ? 1 : 0;
      return kinesis.call(parts.connections, id);
    };
    parts.directory.forget({ connection });
    for (let i = 0; i < 3; i++) await parts.tree.getChildren(node);
    parts.connections.kinesis = kinesis;
    assert.equal(calls, 1);
  });

  it('is guarded in the worker too', async () => {
    await assert.rejects(
      parts.connections.kinesis(connection).createStream({ StreamName: stream, ShardCount: 1 }),
      { name: 'ReadOnlyConnection' },
    );
  });

  it('writes once it is unlocked, and shows the account it has met', async () => {
    const heard = await answering({ answers: [stream, '2'], buttons: ['Unlock'] }, () =>
      run('createStream', { connection }),
    );
    assert.match(heard.messages.join(), /payments is ready: 2 shards on staging/);
    const node = await row(parts, `${name} | us-east-1, unlocked for writing`);
    await row(parts, stream, node);
    await row(parts, `${name} | us-east-1, unlocked for writing, account …0000`);
  });

  it('asks before it deletes, naming account and region', async () => {
    const heard = await answering({}, () => run('deleteStream', { connection, stream }));
    assert.match(
      heard.messages.join(),
      /payments of staging \(us-east-1, account 000000000000\)\?/,
    );
    await row(parts, stream, await row(parts, name));
  });

  it('is read-only again when locked', async () => {
    await run('lockConnection', { connection });
    assert.equal(parts.connections.find(connection)?.writable, false);
    await row(parts, `${name} | us-east-1, read-only, account …0000`);
  });
});

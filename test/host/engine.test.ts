// The life of the local engine in a window: start, streams, records, shards, death, stop.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EngineStatus } from '../../src/admin/adminApi.ts';
import type { WindowParts } from '../../src/extension/extension.ts';
import { answering } from './support/prompts.ts';
import { row, rows, streamRow, until, windowParts } from './support/window.ts';

const run = (command: string, argument?: unknown) =>
  vscode.commands.executeCommand(`shardscope.${command}`, argument);

function status({ engine }: WindowParts): EngineStatus {
  assert.equal(engine.state.type, 'running');
  return (engine.state as { status: EngineStatus }).status;
}

describe('the local engine', () => {
  let parts: WindowParts;

  before(async () => {
    parts = await windowParts();
  });

  after(async () => {
    if (parts.engine.state.type === 'running') await parts.engine.stop();
  });

  it('is not shown by rows before it runs: the welcome text is there', async () => {
    assert.deepEqual(await rows(parts), []);
    assert.equal(parts.tree.isEmpty, true);
  });

  it('starts', async () => {
    await run('startEngine');
    const port = vscode.workspace.getConfiguration('shardscope.local').get('port');
    assert.equal(status(parts).endpoint, `http://127.0.0.1:${port}`);
    assert.equal(status(parts).windowCount, 1);
  });

  it('gets a stream by two answers and shows it with its shards', async () => {
    const heard = await answering({ answers: ['orders', '4'] }, () => run('createStream'));
    assert.deepEqual(heard.prompts, ['Create Stream', 'Create Stream']);
    assert.match(heard.messages.join(), /orders is ready: 4 shards on the local engine/);
    const [local] = await until('one stream', async () => {
      const found = await rows(parts);
      return found[0]?.text.endsWith('1 stream') && found;
    });
    assert.match(local!.text, /^Local engine \| port \d+, 1 stream$/);
    const shards = await rows(parts, await streamRow(parts, 'orders'));
    assert.deepEqual(
      shards.map(({ text }) => text),
      ['0 | 0-25 %', '1 | 25-50 %', '2 | 50-75 %', '3 | 75-100 %'],
    );
  });

  it('refuses a second stream of the same name in a sentence', async () => {
    const heard = await answering({ answers: ['orders', '4'] }, () => run('createStream'));
    assert.match(
      heard.messages.join(),
      /Stream orders was not created: .*already exists \(ResourceInUseException\)/,
    );
  });

  it('takes a record and says where it went', async () => {
    const heard = await answering({ answers: ['orders', '{"id": 1}', 'key'] }, () =>
      run('putRecord'),
    );
    assert.match(heard.messages.join(), /Put into shard \d of orders, sequence number \d{56}\./);
  });

  it('splits a shard in even halves and folds the parent', async () => {
    const node = await row(parts, '1', await streamRow(parts, 'orders'));
    await answering({ answers: ['Even halves'] }, () => run('splitShard', node));
    const shards = await rows(parts, await streamRow(parts, 'orders'));
    assert.deepEqual(
      shards.map(({ text }) => text),
      [
        '0 | 0-25 %',
        '4 | 25-37.5 % (child of 1)',
        '5 | 37.5-50 % (child of 1)',
        '2 | 50-75 %',
        '3 | 75-100 %',
        '1 closed shard',
      ],
    );
  });

  it('refuses a hash key outside the shard before asking the engine', async () => {
    const target = { connection: 'local', stream: 'orders', shardId: 'shardId-000000000000' };
    const heard = await answering({ answers: ['At a hash key', '0'] }, () =>
      run('splitShard', target),
    );
    assert.match(heard.objections.join(), /can be split at/);
  });

  it('merges with the neighbour that a menu named, once that is confirmed', async () => {
    const shardId = 'shardId-000000000004';
    const pair = (neighbour: string) => ({
      ...{ connection: 'local', stream: 'orders', shardId, adjacentShardId: neighbour },
    });
    const asked = await answering({}, () => run('mergeShards', pair('shardId-000000000005')));
    assert.deepEqual(asked.choices, [['Merge shards 4 and 5']]);
    const wrong = await answering({}, () => run('mergeShards', pair('shardId-000000000002')));
    assert.deepEqual(wrong.choices, []);
    assert.match(wrong.messages.join(), /not open neighbours any more/);
  });

  it('merges neighbours back and offers no others', async () => {
    const node = await row(parts, '4', await streamRow(parts, 'orders'));
    await answering({ answers: ['Shard 5'] }, () => run('mergeShards', node));
    const shards = await rows(parts, await streamRow(parts, 'orders'));
    assert.ok(shards.some(({ text }) => text === '6 | 25-50 % (child of 4 and 5)'));
    const other = await row(parts, '0', await streamRow(parts, 'orders'));
    const heard = await answering({}, () => run('mergeShards', other));
    assert.deepEqual(heard.choices, [['Shard 6']]);
  });

  it('scales within half and double', async () => {
    const node = await streamRow(parts, 'orders');
    const refused = await answering({ answers: ['9'] }, () => run('updateShardCount', node));
    assert.match(refused.objections.join(), /2 at least and 8 at most/);
    await answering({ answers: ['2'] }, () => run('updateShardCount', node));
    await row(parts, 'orders | 2 shards', await row(parts, 'Local engine'));
  });

  it('comes back by itself after it was killed, with its streams', async () => {
    const { pid } = status(parts);
    // Looked at when it happens: another engine may be there before the next look of a slow window.
    const loss = new Promise<{ text: string }[]>((resolve, reject) => {
      const listening = parts.engine.onState(({ type }) => {
        if (type !== 'starting') return;
        listening.dispose();
        const found = row(parts, 'Local engine | starting');
        found.then((node) => rows(parts, node)).then(resolve, reject);
      });
    });
    process.kill(pid, 'SIGKILL');
    const said = await loss;
    assert.match(said[0]?.text ?? '', /The local engine ended/);
    const found = await until('another engine', () => {
      const { state } = parts.engine;
      return state.type === 'running' && state.status;
    });
    assert.notEqual(found.pid, pid);
    await streamRow(parts, 'orders');
  });

  it('puts nothing modal before a delete, and offers the stream again', async () => {
    const node = await streamRow(parts, 'orders');
    const heard = await answering({ buttons: ['Create It Again, Empty'] }, () =>
      run('deleteStream', node),
    );
    assert.match(heard.messages.join(), /Deleted orders and its records from the local engine/);
    await row(parts, 'orders | 2 shards', await row(parts, 'Local engine'));
  });

  it('names how many streams a reset deletes, and does it when the button is pressed', async () => {
    const heard = await answering({ buttons: ['Delete 1 stream'] }, () => run('resetEngine'));
    assert.match(heard.messages.join(), /Reset deletes 1 stream of the local engine/);
    await until('an empty engine', () => status(parts).streamCount === 0);
    assert.equal(parts.tree.isEmpty, true);
  });

  it('stops when asked and stays stopped', async () => {
    await run('stopEngine');
    assert.equal(parts.engine.state.type, 'stopped');
    assert.equal(parts.engine.address, undefined);
  });
});

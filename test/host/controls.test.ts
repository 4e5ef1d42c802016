// The engine's own controls by the commands of the window, shown by their effect and by what the window says of it.
import * as assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { connect } from 'node:tls';
import * as vscode from 'vscode';
import type { EngineStatus } from '../../src/admin/adminApi.ts';
import type { WindowParts } from '../../src/extension/extension.ts';
import { answering } from './support/prompts.ts';
import { row, rows, streamRow, until, windowParts } from './support/window.ts';

const run = (command: string, argument?: unknown) =>
  vscode.commands.executeCommand(`shardscope.${command}`, argument);
const local = { connection: 'local' };
const stream = 'meter';
const hourMs = 3_600_000;

function status({ engine }: WindowParts): EngineStatus {
  assert.equal(engine.state.type, 'running');
  return (engine.state as { status: EngineStatus }).status;
}

/** A call as a program of the user makes it: by HTTP, without the nonce that keeps ours uncounted. */
async function clientCall(parts: WindowParts, operation: string, body: object): Promise<Response> {
  return fetch(status(parts).endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'user-agent': 'host-test/1',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAHOSTTEST/20260101/us-east-1/kinesis/aws4_request, ' +
        'SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
}

const put = (parts: WindowParts): Promise<Response> =>
  clientCall(parts, 'PutRecord', { StreamName: stream, PartitionKey: 'k', Data: 'eA==' });

const markdownOf = (tooltip: unknown): string => (tooltip as vscode.MarkdownString).value;

describe("the engine's controls", () => {
  let parts: WindowParts;
  const localText = async (): Promise<string> => (await rows(parts))[0]?.text ?? '';
  const says = (text: string): Promise<unknown> =>
    until(`the tree says "${text}"`, async () => (await localText()).includes(text));
  const saysNot = (text: string): Promise<unknown> =>
    until(`the tree says no "${text}"`, async () => !(await localText()).includes(text));

  before(async () => {
    parts = await windowParts();
    await parts.engine.start();
    await parts.engine.admin('ensure-streams', { streams: [{ name: stream, shards: 1 }] });
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const { name } of await parts.engine.controls.snapshots()) {
      await parts.engine.controls.deleteSnapshot(name);
    }
    await parts.engine.admin('reset');
    await parts.engine.stop();
  });

  describe('clock', () => {
    it('stops, which the tree says with the command that starts it again', async () => {
      await run('stopClock', local);
      await says('clock stopped');
      assert.match(parts.statusBar.text ?? '', /^Kinesis: \d+, 1 stream, clock stopped$/);
      const tooltip = parts.tree.getTreeItem(await row(parts, 'Local engine')).tooltip;
      assert.match(markdownOf(tooltip), /\[Start Clock\]\(command:shardscope\.startClock\)/);
      const heard = await answering({}, () => run('showEngineActions'));
      assert.equal(heard.choices[0]?.[0], '$(discard) Start Clock');
      await run('startClock', local);
      await saysNot('clock stopped');
    });

    it('steps by a choice, and by a duration that is typed and looked at', async () => {
      const before = (await parts.engine.controls.clock()).aheadMs;
      await answering({ answers: ['25 h'] }, () => run('stepClock', local));
      const refused = await answering({ answers: ['Another', 'soon'] }, () => run('stepClock'));
      assert.match(refused.objections.join(), /A duration is written like/);
      await answering({ answers: ['Another', '1h30m'] }, () => run('stepClock'));
      const { aheadMs } = await parts.engine.controls.clock();
      assert.equal(aheadMs - before, 26.5 * hourMs);
      await says('clock +26 h');
    });

    it('goes faster, and at its usual speed again', async () => {
      await answering({ answers: ['60'] }, () => run('setClockSpeed', local));
      await says('clock 60 times as fast');
      assert.equal(status(parts).clock.rate, 60);
      await answering({ answers: ['1'] }, () => run('setClockSpeed', local));
      await saysNot('times as fast');
    });

    it('refuses another connection in a sentence', async () => {
      await vscode.workspace
        .getConfiguration('shardscope')
        .update('connections', [{ name: 'prod', region: 'eu-west-1' }], true);
      await until('the connection', () => parts.connections.find('aws:prod'));
      const heard = await answering({}, () => run('stepClock', { connection: 'aws:prod' }));
      await vscode.workspace.getConfiguration('shardscope').update('connections', undefined, true);
      assert.match(heard.messages.join(), /Step Clock works on the local engine only, not on prod/);
    });
  });

  describe('long work', () => {
    /** While `task` runs, a step ends as `step` says. */
    async function withStep(
      step: (signal: AbortSignal) => Promise<never>,
      task: () => PromiseLike<unknown>,
    ): Promise<string[]> {
      const { engine } = parts;
      const { controlsUntil } = engine;
      engine.controlsUntil = (signal) => ({ ...engine.controls, stepClock: () => step(signal) });
      try {
        return (await answering({}, task)).messages;
      } finally {
        engine.controlsUntil = controlsUntil;
      }
    }

    it('shows a progress, and leaving it is no error', async () => {
      const window = vscode.window as { withProgress: typeof vscode.window.withProgress };
      const { withProgress } = window;
      const shown: vscode.ProgressOptions[] = [];
      window.withProgress = (options, task) => {
        shown.push(options);
        const source = new vscode.CancellationTokenSource();
        const running = task({ report: () => undefined }, source.token);
        source.cancel();
        return running;
      };
      const untilLeft = (signal: AbortSignal): Promise<never> =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('left'))),
        );
      const said = await withStep(untilLeft, () => run('stepClock', { ...local, ms: 1_000 }));
      window.withProgress = withProgress;
      assert.deepEqual(said, []);
      assert.equal(shown.length, 1);
      assert.match(String(shown[0]?.title), /^Stepping the engine's clock by 1 s$/);
      assert.equal(shown[0]?.cancellable, true);
    });

    it('says what failed and why', async () => {
      const fails = (): Promise<never> => Promise.reject(new Error('The disk is full.'));
      assert.deepEqual(await withStep(fails, () => run('stepClock', { ...local, ms: 1_000 })), [
        "The engine's clock was not stepped by 1 s: The disk is full.",
      ]);
    });
  });

  describe('snapshots', () => {
    it('bring back streams, records and the clock, after a question that says what goes', async () => {
      await answering({ answers: [''] }, () => run('takeSnapshot', local));
      await parts.engine.admin('ensure-streams', { streams: [{ name: 'later', shards: 1 }] });
      await answering({ answers: ['1 h'] }, () => run('stepClock', local));
      await says('clock +27 h');
      const unanswered = await answering({ answers: ['snapshot-1'] }, () =>
        run('restoreSnapshot', local),
      );
      assert.match(
        unanswered.messages.join(),
        /Restoring snapshot-1 of .* brings back 1 stream, .* What the engine has now, 2 streams with all records, is gone/,
      );
      assert.equal(status(parts).streamCount, 2);
      await answering({ answers: ['snapshot-1'], buttons: ['Restore snapshot-1'] }, () =>
        run('restoreSnapshot', local),
      );
      await until('one stream', () => status(parts).streamCount === 1);
      await says('clock +26 h');
      await streamRow(parts, stream);
    });

    it('of a name that is taken are refused where it is typed, and deleted after a question', async () => {
      const refused = await answering({ answers: ['snapshot-1'] }, () => run('takeSnapshot'));
      assert.deepEqual(refused.objections, ['There is a snapshot snapshot-1 already']);
      await answering({ answers: ['snapshot-1'] }, () => run('deleteSnapshot'));
      assert.equal((await parts.engine.controls.snapshots()).length, 1);
      await answering({ answers: ['snapshot-1'], buttons: ['Delete snapshot-1'] }, () =>
        run('deleteSnapshot'),
      );
      await until('none', async () => (await parts.engine.controls.snapshots()).length === 0);
    });
  });

  describe('faults', () => {
    it('are played to clients, said in the tree, and gone after their last call', async () => {
      const answers = ['Throttle', 'PutRecord', stream, 'The next call'];
      const heard = await answering({ answers: [...answers] }, () => run('addFault', local));
      assert.deepEqual(heard.messages, [
        `In force: Throttle: PutRecord of ${stream} (1 call at most).`,
      ]);
      await says('1 fault');
      const refused = await put(parts);
      const { __type } = (await refused.json()) as { __type: string };
      assert.deepEqual([refused.status, __type], [400, 'ProvisionedThroughputExceededException']);
      await saysNot('1 fault');
      assert.equal((await put(parts)).status, 200);
    });

    it('are shown, removed one by one with an undo, and all at once', async () => {
      await answering({ answers: ['Latency', '250', 'Every', 'Every', 'Every call'] }, () =>
        run('addFault'),
      );
      await answering(
        { answers: ['KMS', 'KMSDisabled', 'PutRecord', 'Every', 'A share', '25'] },
        () => run('addFault'),
      );
      await says('2 faults');
      const shown = await answering({}, () => run('showFaults'));
      assert.deepEqual(shown.choices, [
        [
          'Latency of 250 ms: every operation',
          'KMS error KMSDisabledException: PutRecord',
          '$(trash) Remove all: 2 faults',
        ],
      ]);
      await answering({ answers: ['KMS'], buttons: ['Undo'] }, () => run('showFaults'));
      await until('the same again', async () => {
        const faults = await parts.engine.controls.faults();
        return faults.length === 2 && faults[1]?.probability === 0.25;
      });
      await run('clearFaults');
      await saysNot('fault');
    });
  });

  describe('journal', () => {
    it('is shown as a read-only document that is refreshed', async () => {
      await put(parts);
      await run('showJournal', local);
      const text = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
      const lines = (): number => text().match(/ PutRecord .* host-test\/1$/gm)?.length ?? 0;
      await until('calls', () => lines() > 0);
      const before = lines();
      await put(parts);
      await run('refreshJournal');
      await until('one more call', () => lines() === before + 1);
      assert.match(text(), / PutRecord +meter +- +ok +AKIAHOSTTEST +host-test\/1/);
      const { uri } = vscode.window.activeTextEditor!.document;
      assert.equal(vscode.workspace.fs.isWritableFileSystem(uri.scheme), undefined);
    });
  });

  describe('certificate', () => {
    it('is saved as the file that clients are given', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'shardscope-host-'));
      const file = path.join(folder, 'ca.pem');
      const heard = await answering({ answers: [file], buttons: ['Copy Path'] }, () =>
        run('saveCertificate', local),
      );
      assert.deepEqual(heard.prompts, ['Save Certificate of Local Engine']);
      assert.match(heard.messages.join(), /is saved as .*ca\.pem.*NODE_EXTRA_CA_CERTS/);
      assert.equal(await vscode.env.clipboard.readText(), file);
      const { port } = new URL(status(parts).endpoint);
      const socket = connect({ port: Number(port), host: '127.0.0.1', ca: readFileSync(file) });
      await once(socket, 'secureConnect');
      assert.equal(socket.authorized, true);
      socket.destroy();
      rmSync(folder, { recursive: true });
    });

    it('is not saved when the dialog is left, and says why when it cannot be', async () => {
      assert.deepEqual((await answering({}, () => run('saveCertificate', local))).messages, []);
      const heard = await answering({ answers: ['/proc/ca.pem'] }, () => run('saveCertificate'));
      assert.match(heard.messages.join(), /The certificate was not saved/);
    });
  });

  describe('counters', () => {
    it('are asked for while the tree is visible only', async () => {
      const { controls } = parts.engine;
      const ask = controls.counters;
      let asked = 0;
      controls.counters = (query) => {
        asked += 1;
        return ask(query);
      };
      await vscode.commands.executeCommand('shardscope.connections.focus');
      await until('counters', () => parts.counters.isKnown);
      await vscode.commands.executeCommand('workbench.view.explorer');
      await until('nothing is kept while the tree is hidden', () => !parts.counters.isKnown);
      const whenHidden = asked;
      await vscode.commands.executeCommand('shardscope.connections.focus');
      await until('counters again', () => parts.counters.isKnown);
      controls.counters = ask;
      assert.equal(asked - whenHidden, 1);
    });

    it('mark a stream over the limits of AWS, and say in tooltips what came in', async () => {
      await vscode.commands.executeCommand('shardscope.connections.focus');
      const Data = Buffer.alloc(1024 * 1024 - 1).toString('base64');
      // In one call: four of a slow machine may be within what AWS takes in the seconds that they last.
      const Records = Array.from({ length: 4 }, () => ({ PartitionKey: 'k', Data }));
      const answer = await clientCall(parts, 'PutRecords', { StreamName: stream, Records });
      assert.equal(answer.status, 200);
      const node = await until('the warning', async () => {
        const found = await streamRow(parts, stream);
        const item = parts.tree.getTreeItem(found);
        return /over AWS's limits/.test(String(item.description)) && found;
      });
      const item = parts.tree.getTreeItem(node);
      assert.equal((item.iconPath as vscode.ThemeIcon).id, 'warning');
      const resolved = await parts.tree.resolveTreeItem(item, node);
      assert.match(markdownOf(resolved.tooltip), /AWS would have throttled: \d+ records?/);
      const [shard] = await rows(parts, node);
      assert.match(shard!.text, /^0 \| 0-100 %, over AWS's limits$/);
      const tooltip = String(parts.tree.getTreeItem(shard!.node).tooltip);
      assert.match(tooltip, /Last minute in: \d+ records, \d(\.\d)? MiB/);
      assert.match(tooltip, /Top callers: AKIAHOSTTEST \(\d(\.\d)? MiB in\)/);
    });
  });

  describe('import', () => {
    it('takes over the shards of a stream elsewhere, closed ones too, with the same ids', async () => {
      const kinesis = parts.connections.kinesis('local');
      await kinesis.createStream({ StreamName: 'remote', ShardCount: 2 });
      const target = { connection: 'local', stream: 'remote' };
      await until('it is ACTIVE', async () => {
        const answer = await kinesis.describeStreamSummary({ StreamName: 'remote' });
        return answer.StreamDescriptionSummary.StreamStatus === 'ACTIVE';
      });
      await answering({ answers: ['Shard 0', 'Even halves'] }, () => run('splitShard', target));
      const settings = vscode.workspace.getConfiguration('shardscope');
      const { endpoint } = status(parts);
      await settings.update('connections', [{ name: 'far', region: 'us-east-1', endpoint }], true);
      await until('the connection', () => parts.connections.find('aws:far'));
      const source = { connection: 'aws:far', stream: 'remote' };
      const taken = await answering({ answers: ['remote'] }, () => run('importShards', source));
      assert.deepEqual(taken.objections, ['The local engine has a stream remote already']);
      const heard = await answering({ answers: ['near'] }, () => run('importShards', source));
      assert.match(
        heard.messages.join(),
        /near of the local engine has the 3 open shards and 1 closed of remote of far/,
      );
      const shardsOf = async (StreamName: string) =>
        ((await kinesis.listShards({ StreamName })).Shards ?? []).map(
          ({ ShardId, ParentShardId, HashKeyRange }) => ({ ShardId, ParentShardId, HashKeyRange }),
        );
      assert.deepEqual(await shardsOf('near'), await shardsOf('remote'));
      await settings.update('connections', undefined, true);
      await until('no connection', () => parts.connections.aws().length === 0);
    });
  });

  describe('reset', () => {
    it('takes the clock back, and with no streams left too', async () => {
      await answering({ answers: ['1 h'] }, () => run('stepClock', local));
      const heard = await answering({ buttons: ['Delete 3 streams'] }, () => run('resetEngine'));
      assert.match(
        heard.messages.join(),
        /^Reset deletes 3 streams of the local engine with all records and takes back: clock \+/,
      );
      await saysNot('clock +');
      assert.equal(status(parts).clock.aheadMs, 0);
      assert.equal(parts.tree.isEmpty, true);
      await run('stopClock', local);
      await says('clock stopped');
      const again = await answering({ buttons: ['Reset'] }, () => run('resetEngine'));
      assert.deepEqual(again.messages, ['Reset takes back: clock stopped.']);
      await until('an empty tree', () => parts.tree.isEmpty);
    });
  });
});

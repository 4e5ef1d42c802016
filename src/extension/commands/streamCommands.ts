/** Creates, empties and deletes streams. On the local engine nothing asks "are you sure?". */
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { connectionPhrase } from '../connections/connection.ts';
import { failure } from '../messages.ts';
import {
  askConnection,
  askStream,
  type ChosenConnection,
  type ChosenStream,
} from '../prompts/askTarget.ts';
import { askText, choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { counted } from '../tree/labels.ts';
import { waitUntilActive } from './waitUntilActive.ts';

export const createStream: Command = {
  id: 'shardscope.createStream',
  async run(app, argument) {
    const title = 'Create Stream';
    const chosen = await askConnection(app, targetOf(app, argument), { title, writes: true });
    const where = `on ${connectionPhrase(chosen.info)}`;
    const prompt = `Name of the new stream ${where}`;
    const stream = await askText({ title, prompt, placeHolder: 'orders', check: checkStreamName });
    const shards = Number(
      await askText({ title, prompt: `Shards of ${stream}`, value: '1', check: checkShardCount }),
    );
    await create(app, { ...chosen, stream }, shards);
    const tail = { title: 'Tail', run: () => app.panels.showInEditor({ ...chosen, stream }) };
    app.messages.info(`${stream} is ready: ${counted(shards, 'shard')} ${where}.`, tail);
  },
};

/** Says what is wrong with a stream's name, in AWS's rules. */
export function checkStreamName(name: string): string | undefined {
  if (/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) return undefined;
  return 'A name has 1 to 128 letters, digits, hyphens, underscores or dots';
}

export function checkShardCount(text: string): string | undefined {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000) return undefined;
  return 'A whole number from 1 to 10,000';
}

/** Resolves when the stream is ACTIVE. */
export async function create(app: App, chosen: ChosenStream, shards: number): Promise<void> {
  const { connection, kinesis, stream } = chosen;
  try {
    await kinesis.createStream({ StreamName: stream, ShardCount: shards });
  } catch (thrown) {
    throw failure(`Stream ${stream} was not created`, thrown);
  }
  app.directory.forget({ connection });
  await waitUntilActive(app, chosen, `Creating ${stream}`);
}

export const deleteStream: Command = {
  id: 'shardscope.deleteStream',
  async run(app, argument) {
    const title = 'Delete Stream';
    const chosen = await askStream(app, targetOf(app, argument), { title, writes: true });
    if (chosen.info.kind === 'aws') await confirmDelete(chosen);
    const shards = app.directory.shardCount(chosen);
    await remove(app, chosen);
    const said = `Deleted ${chosen.stream} and its records from ${connectionPhrase(chosen.info)}.`;
    if (chosen.info.kind === 'aws' || shards === undefined) return app.messages.brief(said);
    const run = (): Promise<void> => create(app, chosen, shards);
    app.messages.info(said, { title: 'Create It Again, Empty', run });
  },
};

async function confirmDelete({ stream, info }: ChosenStream): Promise<void> {
  const button = `Delete ${stream}`;
  const agreed = await vscode.window.showWarningMessage(
    `Delete stream ${stream} of ${connectionPhrase(info)}?`,
    {
      modal: true,
      detail:
        'Its shards and all their records are gone at once, and consumers and producers of it fail. This cannot be undone.',
    },
    button,
  );
  if (agreed !== button) throw new vscode.CancellationError();
}

async function remove(app: App, { connection, kinesis, stream }: ChosenStream): Promise<void> {
  try {
    await kinesis.deleteStream({ StreamName: stream });
  } catch (thrown) {
    throw failure(`Stream ${stream} was not deleted`, thrown);
  }
  app.directory.forget({ connection });
}

export const emptyStream: Command = {
  id: 'shardscope.emptyStream',
  async run(app, argument) {
    const need = { title: 'Empty Stream', localOnly: true };
    const { stream } = await askStream(app, targetOf(app, argument), need);
    try {
      await app.engine.admin('empty-stream', { stream });
    } catch (thrown) {
      throw failure(`Stream ${stream} was not emptied`, thrown);
    }
    app.messages.brief(`${stream} is empty; its shards stay.`);
  },
};

export const dropDamagedStream: Command = {
  id: 'shardscope.dropDamagedStream',
  async run(app, argument) {
    const title = 'Delete Damaged Stream';
    const chosen: ChosenConnection = await askConnection(app, {}, { title, localOnly: true });
    const named = targetOf(app, argument).stream;
    const stream = named ?? (await pickDamaged(app, title));
    if (!stream) return app.messages.info(`No stream of ${chosen.info.label} is damaged.`);
    const run = (): Promise<void> => app.engine.admin('drop-damaged', { stream });
    app.messages.warn(
      `What is left of the damaged stream ${stream} will be deleted: ${reasonOf(app, stream)}`,
      { title: `Delete ${stream}`, run },
    );
  },
};

function damagedStreams(app: App): readonly { stream: string; reason: string }[] {
  const { state } = app.engine;
  return state.type === 'running' ? state.status.damaged : [];
}

const reasonOf = (app: App, stream: string): string =>
  damagedStreams(app).find((damaged) => damaged.stream === stream)?.reason ?? '';

async function pickDamaged(app: App, title: string): Promise<string | undefined> {
  const names = damagedStreams(app).map(({ stream }) => stream);
  if (names.length === 0) return undefined;
  const choices = names.map((name) => ({ label: name, value: name }));
  return choose({ title, prompt: 'Choose a damaged stream' }, choices);
}

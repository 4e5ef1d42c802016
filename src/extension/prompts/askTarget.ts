/** Finds out which connection, stream and shard a command is for: from its target, else by asking. */
import * as vscode from 'vscode';
import type { KinesisApi } from '../../kinesis/kinesisApi.ts';
import type { Shard } from '../../kinesis/shapes.ts';
import { shortShardId } from '../../kinesis/shardId.ts';
import type { App } from '../app.ts';
import { unlock } from '../commands/unlockConnection.ts';
import {
  type ConnectionInfo,
  connectionDescription,
  connectionPhrase,
} from '../connections/connection.ts';
import { failure, UserError } from '../messages.ts';
import { byHashRange, isOpenShard, shardDescription } from '../tree/labels.ts';
import type { Target } from '../tree/nodes.ts';
import { type Choice, choose, type Question } from './choose.ts';

/** What a command needs of what it works on. */
export interface Need {
  /** The command's name, for the title of the prompts. */
  readonly title: string;
  /** It changes something: an AWS connection has to be unlocked. */
  readonly writes?: boolean;
  /** It is something that only the local engine can do. */
  readonly localOnly?: boolean;
}

export interface ChosenConnection {
  readonly connection: string;
  readonly info: ConnectionInfo;
  readonly kinesis: KinesisApi;
}

export interface ChosenStream extends ChosenConnection {
  readonly stream: string;
}

export interface ChosenShard extends ChosenStream {
  readonly shard: Shard;
  /** The open shards of the stream, in the order of their hash keys. */
  readonly shards: readonly Shard[];
}

/** Starts the local engine when it is chosen and not running, and has AWS unlocked for a write. */
export async function askConnection(
  app: App,
  target: Target,
  need: Need,
): Promise<ChosenConnection> {
  const all = app.connections.all().filter(({ kind }) => !need.localOnly || kind === 'local');
  const info = app.connections.find(target.connection ?? '') ?? (await pickConnection(all, need));
  if (info.kind === 'aws' && need.localOnly) {
    throw new UserError(`${need.title} works on the local engine only, not on ${info.label}.`);
  }
  if (info.kind === 'local') await startEngine(app);
  else if (need.writes && !info.writable) await unlock(app, info, need.title);
  const connection = info.id;
  const current = app.connections.find(connection) ?? info;
  return { connection, info: current, kinesis: app.connections.kinesis(connection) };
}

async function pickConnection(all: readonly ConnectionInfo[], need: Need): Promise<ConnectionInfo> {
  if (all.length === 1) return all[0]!;
  const choices = all.map((info) => ({
    label: info.label,
    description: info.kind === 'aws' ? connectionDescription(info) : info.place || 'not running',
    value: info,
  }));
  return choose({ title: need.title, prompt: 'Choose a connection' }, choices);
}

/** Starts the engine under a line in the status bar. */
export async function startEngine(app: App): Promise<void> {
  if (app.engine.state.type === 'running') return;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Starting the local Kinesis engine' },
    () => app.engine.start(),
  );
}

const createNew = Symbol('create');

export async function askStream(app: App, target: Target, need: Need): Promise<ChosenStream> {
  const chosen = await askConnection(app, target, need);
  if (target.stream) return { ...chosen, stream: target.stream };
  const question = {
    title: need.title,
    prompt: `Choose a stream of ${connectionPhrase(chosen.info)}`,
  };
  const answer = await choose<string | typeof createNew>(question, streamChoices(app, chosen));
  if (answer !== createNew) return { ...chosen, stream: answer };
  await vscode.commands.executeCommand('shardscope.createStream', chosen);
  throw new vscode.CancellationError();
}

async function streamChoices(
  app: App,
  { connection, info }: ChosenConnection,
): Promise<Choice<string | typeof createNew>[]> {
  if (info.kind === 'aws') app.directory.forget({ connection });
  const { streams } = await app.directory.streams(connection).catch((thrown) => {
    throw failure(`The streams of ${connectionPhrase(info)} were not listed`, thrown);
  });
  const choices: Choice<string | typeof createNew>[] = streams.map(({ StreamName: stream }) => ({
    label: stream,
    value: stream,
  }));
  if (choices.length === 0) {
    choices.push({
      label: '$(add) Create a stream…',
      detail: 'There is none yet',
      value: createNew,
    });
  }
  return choices;
}

/** One of the stream's open shards. */
export async function askShard(app: App, target: Target, need: Need): Promise<ChosenShard> {
  const chosen = await askStream(app, target, need);
  const shards = await openShards(app, chosen);
  const named = shards.find(({ ShardId }) => ShardId === target.shardId);
  if (target.shardId && !named) {
    throw new UserError(
      `Shard ${shortShardId(target.shardId)} of ${chosen.stream} is closed: only open shards can be resharded.`,
    );
  }
  const question = { title: need.title, prompt: `Choose a shard of ${chosen.stream}` };
  const shard = named ?? (await pickShard(question, shards));
  return { ...chosen, shard, shards };
}

/** Asked anew: a command must not work on what was true a while ago. */
export async function openShards(app: App, chosen: ChosenStream): Promise<Shard[]> {
  app.directory.forget(chosen);
  const shards = await app.directory.shards(chosen).catch((thrown) => {
    throw failure(`The shards of ${chosen.stream} were not listed`, thrown);
  });
  return shards.filter(isOpenShard).toSorted(byHashRange);
}

export function pickShard(question: Question, shards: readonly Shard[]): Promise<Shard> {
  const choices = shards.map((shard) => ({
    label: `Shard ${shortShardId(shard.ShardId)}`,
    description: shardDescription(shard),
    value: shard,
  }));
  return choose(question, choices);
}

/** Makes a stream of the local engine with the shards that a stream on AWS has: ids, ranges and parents. */
import { importedShardsMax, type ShardImport } from '../../admin/controls.ts';
import type { App, Command } from '../app.ts';
import { connectionPhrase, localConnectionId } from '../connections/connection.ts';
import { failure, UserError } from '../messages.ts';
import { askAwsConnection } from '../prompts/askAwsConnection.ts';
import { askStream, type ChosenStream, startEngine } from '../prompts/askTarget.ts';
import { askText } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { counted } from '../tree/labels.ts';
import { engineWork } from './engineWork.ts';
import { checkStreamName } from './streamCommands.ts';

const title = 'Import Shard Ranges from AWS';

export const importShards: Command = {
  id: 'shardscope.importShards',
  async run(app, argument) {
    const source = await askSource(app, argument);
    await startEngine(app);
    const stream = await askName(app, source);
    const spec = await engineWork(app, {
      title: `Reading the shards of ${source.stream}`,
      failed: `The shards of ${source.stream} of ${connectionPhrase(source.info)} were not read`,
      run: () => specOf(app, source, stream),
    });
    await engineWork(app, {
      title: `Creating ${stream} with ${counted(spec.shards.length, 'shard')}`,
      failed: `Stream ${stream} was not created`,
      run: (engine) => engine.importShards(spec),
    });
    app.directory.forget({ connection: localConnectionId });
    tell(app, source, spec);
  },
};

/** Called on the local engine it asks where from, as from the palette. */
function askSource(app: App, argument: unknown): Promise<ChosenStream> {
  const target = targetOf(app, argument);
  const named = target.connection === localConnectionId ? {} : target;
  return askAwsConnection(app, named, title).then((info) =>
    askStream(app, { ...named, connection: info.id }, { title }),
  );
}

async function askName(app: App, { stream }: ChosenStream): Promise<string> {
  const { streams } = await app.directory.streams(localConnectionId).catch((thrown) => {
    throw failure('The streams of the local engine were not listed', thrown);
  });
  const taken = new Set(streams.map(({ StreamName }) => StreamName));
  const check = (name: string): string | undefined =>
    checkStreamName(name) ??
    (taken.has(name) ? `The local engine has a stream ${name} already` : undefined);
  const prompt = 'Name of the new stream on the local engine';
  return askText({ title, prompt, value: stream, check });
}

/** Asked anew, by two calls that only read. */
async function specOf(app: App, source: ChosenStream, stream: string): Promise<ShardImport> {
  app.directory.forget(source);
  const shards = await app.directory.shards(source);
  if (shards.length > importedShardsMax) {
    const most = importedShardsMax.toLocaleString('en-US');
    throw new UserError(
      `${source.stream} has ${counted(shards.length, 'shard')}, closed ones among them; ${most} at most can be imported.`,
    );
  }
  const answer = await source.kinesis.describeStreamSummary({ StreamName: source.stream });
  const { RetentionPeriodHours, StreamModeDetails } = answer.StreamDescriptionSummary;
  const mode = StreamModeDetails?.StreamMode;
  return { stream, shards, retentionHours: RetentionPeriodHours, ...(mode && { mode }) };
}

function tell(app: App, { stream, info }: ChosenStream, spec: ShardImport): void {
  const open = spec.shards.filter(({ SequenceNumberRange: range }) => !range?.EndingSequenceNumber);
  const closed = spec.shards.length - open.length;
  const shards =
    closed > 0
      ? `${counted(open.length, 'open shard')} and ${closed} closed`
      : counted(open.length, 'shard');
  const target = { connection: localConnectionId, stream: spec.stream };
  app.messages.info(
    `${spec.stream} of the local engine has the ${shards} of ${stream} of ${connectionPhrase(info)}, with the same ids and ranges. Records are not copied.`,
    { title: 'Tail', run: () => app.panels.showInEditor(target) },
  );
}

/** What the engine does that Kinesis has no operation for: seeds, emptying, dropping, resetting. */
import type { StreamSeed } from '../admin/adminApi.ts';
import { invalidArgument, isKinesisError, streamNotFound } from '../kinesis/errors.ts';
import type { CallContext } from '../kinesis/kinesisApi.ts';
import type { CreateStreamInput } from '../kinesis/operations/createStream.ts';
import type { EngineParts } from './engineParts.ts';
import type { Files } from './log/files.ts';
import { streamFolder } from './openStreams.ts';
import { type CatalogChange, isIncoming, type StreamEntry } from './streamEntry.ts';

type Create = (input: CreateStreamInput, context: CallContext) => Promise<object>;

export class Housekeeping {
  private readonly engine: EngineParts;
  private readonly create: Create;

  constructor(engine: EngineParts, create: Create) {
    this.engine = engine;
    this.create = create;
  }

  async reset(): Promise<void> {
    const { catalog, transitions, ports, capacity } = this.engine;
    await catalog.update(() => catalog.streams().map(deletion));
    for (const { id, pending } of catalog.streams()) {
      if (pending?.kind === 'delete') await transitions.finishNow(id);
    }
    await this.removeStrays(ports.files);
    capacity.tellState();
  }

  /** Folders that no stream has. A stream may be created at any time: its own is not touched. */
  private async removeStrays(files: Files): Promise<void> {
    for (const id of await files.list('streams')) {
      if (!this.engine.catalog.byId(id)) await files.removeFolder(streamFolder(id));
    }
  }

  async emptyStream(name: string): Promise<void> {
    const { streams, capacity } = this.engine;
    const { id } = this.find(name);
    const live = await streams.open(id);
    await live
      .hold(() => live.log.clear())
      .catch((error: unknown) => {
        throw streams.explain(live, error);
      });
    capacity.tellState();
  }

  async dropDamaged(name: string): Promise<void> {
    const { catalog, streams, transitions, capacity } = this.engine;
    const stream = this.find(name);
    if (!streams.isDamaged(stream.id)) {
      throw invalidArgument(`Stream ${name} is not damaged; delete it with DeleteStream.`);
    }
    await catalog.update(() => [deletion(stream)]);
    await transitions.finishNow(stream.id);
    capacity.tellState();
    streams.changed.fire();
  }

  async ensureStreams(seeds: readonly StreamSeed[]): Promise<void> {
    await Promise.all(seeds.map((seed) => this.ensureStream(seed)));
  }

  private async ensureStream({ name, shards }: StreamSeed): Promise<void> {
    const { catalog, settings } = this.engine;
    for (;;) {
      const stream = catalog.byName({ ...settings, name });
      if (stream && (stream.status === 'ACTIVE' || stream.status === 'UPDATING')) return;
      // Not after its delay: the engine's clock may stand still.
      if (stream) await this.finish(stream);
      else await this.createSeed({ name, shards });
    }
  }

  /** An import must not be finished beside the removal of its files. */
  private async finish(stream: StreamEntry): Promise<void> {
    const { catalog, transitions } = this.engine;
    await catalog.update(() => {
      const now = catalog.byId(stream.id);
      return now && isIncoming(now) ? [deletion(now)] : [];
    });
    await transitions.finishNow(stream.id);
  }

  private async createSeed({ name, shards }: StreamSeed): Promise<void> {
    try {
      await this.create({ StreamName: name, ShardCount: shards }, { own: true });
    } catch (error) {
      if (!isKinesisError(error, 'ResourceInUseException')) throw error;
    }
  }

  /** By name: of the default account and region, else the first of that name anywhere. */
  private find(name: string): StreamEntry {
    const { catalog, settings } = this.engine;
    const stream =
      catalog.byName({ ...settings, name }) ??
      catalog.streams().find((candidate) => candidate.name === name);
    if (!stream) throw streamNotFound({ name, account: settings.account });
    return stream;
  }
}

const deletion = ({ id }: StreamEntry): CatalogChange => ({
  type: 'change',
  id,
  set: { status: 'DELETING' },
  pending: { kind: 'delete' },
});

/**
 * Takes in streams of elsewhere with their records. Until an import is finished its streams are in CREATING,
 * without shards, and about to be deleted: a start after a crash finds either that, or all of the import.
 */
import type {
  ImportedCount,
  ImportedRecord,
  ImportedStream,
  ImportPlan,
} from '../admin/streamImport.ts';
import { messageOf } from '../base/errors.ts';
import { invalidArgument, streamExists, streamNotFound } from '../kinesis/errors.ts';
import { type PackedRecords, packedLength, packRecords } from '../kinesis/packedRecords.ts';
import type { EngineParts } from './engineParts.ts';
import { checkArrival, checkTimes, importedStream } from './importedStream.ts';
import type { ToldRecords } from './liveStream.ts';
import { keyBytesMax } from './recordBytes.ts';
import { horizonMs } from './shardView.ts';
import { isIncoming, type StreamEntry, shardAt } from './streamEntry.ts';

/** A stream on its way in. */
interface Incoming {
  /** As it will be. */
  readonly stream: StreamEntry;
  /** Of each shard, by its index, the last key. */
  readonly lastKeys: Map<number, number>;
  /** Indexes of the shards that a record was stored in. */
  readonly filled: Set<number>;
  stored: number;
  expired: number;
}

/** What one import has brought so far. */
export class StreamImport {
  readonly streams: readonly Incoming[];
  /** Records of it are missing: it can only be cancelled. */
  hasFailed = false;

  constructor(streams: readonly StreamEntry[]) {
    this.streams = streams.map((stream) => {
      return { stream, lastKeys: new Map(), filled: new Set(), stored: 0, expired: 0 };
    });
  }
}

const overheadBytes = 64;

export class StreamImports {
  private readonly engine: EngineParts;

  constructor(engine: EngineParts) {
    this.engine = engine;
  }

  /** Throws InvalidArgument or ResourceInUse; then nothing has changed. */
  async begin({ streams: specs, skipExpired = false }: ImportPlan): Promise<StreamImport> {
    const { catalog } = this.engine;
    const streams = specs.map((spec) => {
      const stream = importedStream(this.engine, spec);
      checkTimes(this.engine, { spec, stream, skipExpired });
      return stream;
    });
    this.checkNames(specs);
    await catalog.update(() => {
      for (const stream of streams) if (catalog.byName(stream)) throw streamExists(stream);
      return streams.map((stream) => ({ type: 'stream', stream: hidden(stream) }));
    });
    return new StreamImport(streams);
  }

  /**
   * Throws InvalidArgument, LimitExceeded when there is no room, ResourceNotFound when it was deleted; then the
   * import can only be cancelled.
   */
  async add(
    begun: StreamImport,
    { stream: place, records }: { stream: number; records: readonly ImportedRecord[] },
  ): Promise<void> {
    checkWhole(begun);
    const incoming = begun.streams[place];
    if (!incoming) throw invalidArgument(`The import has no stream ${place}.`);
    begun.hasFailed = true;
    await this.take(incoming, records);
    begun.hasFailed = false;
  }

  private async take(incoming: Incoming, records: readonly ImportedRecord[]): Promise<void> {
    for (const record of records) {
      checkRecord(record, incoming);
      checkArrival(this.engine, { stream: incoming.stream, timeMs: record.timeMs });
    }
    const horizon = horizonMs(incoming.stream, this.engine.ages);
    const kept = records.filter(({ timeMs }) => timeMs >= horizon);
    incoming.expired += records.length - kept.length;
    if (kept.length === 0) return;
    await this.store(incoming.stream, { ...packed(kept), of: kept });
    incoming.stored += kept.length;
    for (const { shard } of kept) incoming.filled.add(shard);
  }

  /** Resolved: every stream is ACTIVE and durable with all its records. */
  async finish(begun: StreamImport): Promise<ImportedCount[]> {
    const { catalog, capacity } = this.engine;
    checkWhole(begun);
    const { streams } = begun;
    for (const { stream } of streams) await this.flush(stream);
    await catalog.updateTogether(() =>
      streams.map((incoming) => {
        if (!this.isHidden(incoming.stream)) throw streamNotFound(incoming.stream);
        return finished(incoming);
      }),
    );
    for (const incoming of streams) this.skipExpired(incoming);
    capacity.tellState();
    return streams.map(({ stream, stored, expired }) => {
      const { name, account, region } = stream;
      return { stream: name, account, region, records: stored, expired };
    });
  }

  /** Resolved: nothing is left of those streams that are still on their way in, or it goes once it can. */
  async cancel({ streams }: StreamImport): Promise<void> {
    const { transitions, capacity, logger } = this.engine;
    for (const { stream } of streams) {
      if (!this.isHidden(stream)) continue;
      await transitions.finishNow(stream.id).catch((error: unknown) => {
        logger.warn(`taking back stream ${stream.name}: ${messageOf(error)}`);
        transitions.start(stream.id);
      });
    }
    capacity.tellState();
  }

  /** Without namespaces a name is everybody's. */
  private checkNames(specs: readonly ImportedStream[]): void {
    const { namespaces } = this.engine.settings;
    const names = specs.map(({ account, region, stream }) =>
      namespaces === 'one' ? stream : `${account}/${region}/${stream}`,
    );
    const twice = specs.find((_, place) => names.indexOf(names[place]!) !== place);
    if (!twice) return;
    throw invalidArgument(
      `Two of the streams are named ${twice.stream}. An engine that was started with ` +
        '--namespaces separate keeps those of different accounts and regions apart.',
    );
  }

  private async store(stream: StreamEntry, records: ToldRecords): Promise<void> {
    const { capacity, streams } = this.engine;
    const { ends } = records.packed;
    const bytes = ends.at(-1)! + ends.length * overheadBytes;
    await capacity.reserve(bytes, false);
    try {
      const live = await streams.open(stream.id);
      if (!this.isHidden(stream)) throw streamNotFound(stream);
      await live.appendTold(records, stream.encryption?.secret).catch((error: unknown) => {
        throw streams.explain(live, error);
      });
    } finally {
      capacity.release(bytes);
    }
  }

  private async flush({ id }: StreamEntry): Promise<void> {
    const { streams } = this.engine;
    const live = streams.get(id);
    await live?.log.flush().catch((error: unknown) => {
      throw streams.explain(live, error);
    });
  }

  private skipExpired(incoming: Incoming): void {
    const live = this.engine.streams.get(incoming.stream.id);
    for (const { startKey } of finished(incoming).shards) live?.skipTo(startKey);
  }

  /** Whether it is as `begin` left it: nobody has deleted it. */
  private isHidden({ id }: StreamEntry): boolean {
    const entry = this.engine.catalog.byId(id);
    return entry !== undefined && isIncoming(entry);
  }
}

/** What the catalog knows of a stream on its way in. */
const hidden = (stream: StreamEntry): StreamEntry => ({
  ...stream,
  status: 'CREATING',
  shards: [],
  nextShardIndex: 0,
  consumers: [],
  pending: { kind: 'delete' },
});

/**
 * The stream with all its records. A shard whose records had all expired goes on above their numbers: who read them
 * goes on there, too.
 */
function finished({ stream, lastKeys, filled }: Incoming): StreamEntry {
  const shards = stream.shards.map((shard) => {
    const lastKey = filled.has(shard.index) ? undefined : lastKeys.get(shard.index);
    return lastKey === undefined ? shard : { ...shard, startKey: lastKey + 1 };
  });
  return { ...stream, shards };
}

function checkWhole({ hasFailed }: StreamImport): void {
  if (!hasFailed) return;
  throw invalidArgument('Records of this import could not be taken in: it can only be cancelled.');
}

function checkRecord(record: ImportedRecord, { stream, lastKeys }: Incoming): void {
  const { shard, index, encrypted } = record;
  const last = lastKeys.get(shard) ?? 0;
  if (!shardAt(stream, shard)) {
    throw invalidArgument(
      `A record is of shard ${shard}, which stream ${stream.name} does not have.`,
    );
  }
  if (index <= last) {
    throw invalidArgument(`A record of shard ${shard} has the index ${index}, not above ${last}.`);
  }
  if (encrypted && !stream.encryption) {
    throw invalidArgument('This engine was opened without a cipher, and a record is encrypted.');
  }
  lastKeys.set(shard, index);
}

function packed(records: readonly ImportedRecord[]): { packed: PackedRecords } {
  let bytes = 0;
  const contents = records.map(({ partitionKey, data }) => {
    const content = { partitionKey, data };
    bytes += packedLength(content, Math.min(partitionKey.length * 3, keyBytesMax));
    return content;
  });
  return { packed: packRecords(contents, bytes) };
}

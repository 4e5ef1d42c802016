/**
 * What is known of the streams and shards of each connection: asked for when somebody looks, kept
 * until told to forget. One ListStreams shows a connection; shards are listed when a stream is opened.
 */
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { StreamSummary } from '../../kinesis/operations/listStreams.ts';
import type { Shard } from '../../kinesis/shapes.ts';
import { localConnectionId } from '../connections/connection.ts';
import type { Connections } from '../connections/connections.ts';
import { isOpenShard } from './labels.ts';

export interface StreamPlace {
  readonly connection: string;
  readonly stream: string;
}

export interface StreamList {
  readonly streams: readonly StreamSummary[];
  readonly hasMore: boolean;
}

const keyOf = ({ connection, stream }: StreamPlace): string => `${connection}/${stream}`;
/** Counting shards costs a request a stream; beyond this many the local engine's rows go without. */
const countedStreamsMax = 200;

export class StreamDirectory implements Disposable {
  private readonly connections: Connections;
  private readonly lists = new Map<string, Promise<StreamList>>();
  private readonly shardLists = new Map<string, Promise<Shard[]>>();
  private readonly counts = new Map<string, number>();
  private readonly changed = new Emitter<StreamPlace | undefined>();

  /** Something is known better now: of one stream, or of any. */
  readonly onChange = this.changed.event;

  constructor(connections: Connections) {
    this.connections = connections;
  }

  /** The streams of a connection, by one request or from memory. */
  streams(connection: string): Promise<StreamList> {
    return remember(this.lists, connection, () => this.listPage(connection));
  }

  /** Asks for the next page and adds it. */
  async loadMore(connection: string): Promise<void> {
    const known = await this.streams(connection);
    const last = known.streams.at(-1);
    if (!known.hasMore || !last) return;
    const more = await this.listPage(connection, last.StreamName);
    const streams = [...known.streams, ...more.streams];
    this.lists.set(connection, Promise.resolve({ streams, hasMore: more.hasMore }));
    this.changed.fire(undefined);
  }

  /** All shards of a stream, closed ones that still hold records included. */
  shards(place: StreamPlace): Promise<Shard[]> {
    return remember(this.shardLists, keyOf(place), () => this.listShards(place));
  }

  /** Number of open shards; undefined before it was ever learned. */
  shardCount(place: StreamPlace): number | undefined {
    return this.counts.get(keyOf(place));
  }

  /** The next look asks again: at one stream, at a connection, or at everything. */
  forget({ connection, stream }: Partial<StreamPlace> = {}): void {
    const prefix = connection === undefined ? '' : `${connection}/${stream ?? ''}`;
    for (const key of this.shardLists.keys()) {
      if (stream === undefined ? key.startsWith(prefix) : key === prefix) {
        this.shardLists.delete(key);
      }
    }
    if (connection === undefined) this.lists.clear();
    else this.lists.delete(connection);
    this.changed.fire(undefined);
  }

  dispose(): void {
    this.lists.clear();
    this.shardLists.clear();
  }

  private async listPage(connection: string, after?: string): Promise<StreamList> {
    const answer = await this.connections.kinesis(connection).listStreams({
      Limit: 100,
      ...(after !== undefined && { ExclusiveStartStreamName: after }),
    });
    const streams = answer.StreamSummaries ?? [];
    const first = streams[0];
    if (first) this.connections.learnAccount(connection, first.StreamARN);
    if (connection === localConnectionId) void this.countShards(streams);
    return { streams, hasMore: answer.HasMoreStreams };
  }

  private async listShards(place: StreamPlace): Promise<Shard[]> {
    const kinesis = this.connections.kinesis(place.connection);
    const shards: Shard[] = [];
    let token: string | undefined;
    do {
      const input = token ? { NextToken: token } : { StreamName: place.stream };
      const answer = await kinesis.listShards({ ...input, MaxResults: 1000 });
      shards.push(...(answer.Shards ?? []));
      token = answer.NextToken;
    } while (token);
    this.learnCount(place, shards.filter(isOpenShard).length);
    return shards;
  }

  /** The local engine's rows say their shards at once: asking it costs nothing. */
  private async countShards(streams: readonly StreamSummary[]): Promise<void> {
    const connection = localConnectionId;
    const kinesis = this.connections.kinesis(connection);
    for (const { StreamName: stream } of streams.slice(0, countedStreamsMax)) {
      try {
        const answer = await kinesis.describeStreamSummary({ StreamName: stream });
        this.learnCount({ connection, stream }, answer.StreamDescriptionSummary.OpenShardCount);
      } catch {
        return; // deleted meanwhile, or the engine ended: the next list says so
      }
    }
  }

  private learnCount(place: StreamPlace, count: number): void {
    if (this.counts.get(keyOf(place)) === count) return;
    this.counts.set(keyOf(place), count);
    this.changed.fire(place);
  }
}

/**
 * Failures of AWS are remembered like answers: redrawing the tree must not ask again, the user does.
 * The local engine is asked again at once, since it may have been on its way.
 */
function remember<T>(
  memory: Map<string, Promise<T>>,
  key: string,
  ask: () => Promise<T>,
): Promise<T> {
  const known = memory.get(key);
  if (known) return known;
  const asked = ask();
  memory.set(key, asked);
  asked.catch(() => {
    const isLocal = key.split('/', 1)[0] === localConnectionId;
    if (isLocal && memory.get(key) === asked) memory.delete(key);
  });
  return asked;
}

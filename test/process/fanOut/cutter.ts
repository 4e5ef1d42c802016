/** Cuts sockets and streams of readers at random, and has subscriptions taken over while they are open. */
import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import type { SeededRandom } from '../../support/seededRandom.ts';
import { socketCuts, type WatchedClient } from './connections.ts';
import type { ShardReader, Subscription } from './shardReader.ts';

/** Of the sockets, of the streams on shared ones, and of the subscriptions that are taken over. */
const share = 0.1;

interface OpenSocket {
  readonly socket: Socket;
  readonly client: WatchedClient;
  /** On it. */
  readonly subscriptions: Subscription[];
}

export type CutCounts = Record<
  'destroy' | 'reset' | 'halfClose' | 'stream' | 'takeover' | 'silent',
  number
>;

export class Cutter {
  readonly counts: CutCounts = {
    ...{ destroy: 0, reset: 0, halfClose: 0 },
    ...{ stream: 0, takeover: 0, silent: 0 },
  };
  private readonly readers: readonly ShardReader[];
  private readonly random: SeededRandom;

  constructor(readers: readonly ShardReader[], random: SeededRandom) {
    this.readers = readers;
    this.random = random;
  }

  /** A tenth of the open sockets, and of the streams on shared ones, spread over `turns` calls. */
  tenth(turns: number): () => void {
    const socketsMax = this.openSockets().length;
    let socketsLeft = Math.ceil(socketsMax * share);
    let streamsLeft = Math.ceil(this.sharedReaders().length * share);
    let turnsLeft = turns;
    return () => {
      const sockets = Math.ceil(socketsLeft / turnsLeft);
      const streams = Math.ceil(streamsLeft / turnsLeft);
      turnsLeft = Math.max(1, turnsLeft - 1);
      socketsLeft -= this.cutSockets(sockets);
      streamsLeft -= this.cutStreams(streams);
    };
  }

  /**
   * A tenth of the subscriptions is taken over in the last of `turns` calls. Half of those are not read from the first
   * call on, as of a client that hangs.
   */
  takeovers(turns: number): () => void {
    const count = Math.ceil(this.readers.length * share);
    const chosen = this.some(this.readers, count);
    const silent = chosen.slice(0, count >> 1);
    let turn = 0;
    return () => {
      turn += 1;
      if (turn === 1) for (const { current } of silent) if (current) current.isSilent = true;
      if (turn !== turns) return;
      this.counts.silent += silent.length;
      this.counts.takeover += chosen.length - silent.length;
      for (const reader of chosen) reader.takeOver();
    };
  }

  private cutSockets(count: number): number {
    const chosen = this.some(this.openSockets(), count);
    for (const { socket, client, subscriptions } of chosen) {
      const how = this.random.pick(socketCuts);
      for (const subscription of subscriptions) subscription.isCut = true;
      client.cutSocket(socket, how);
      this.counts[how] += 1;
    }
    return chosen.length;
  }

  private cutStreams(count: number): number {
    const chosen = this.some(this.sharedReaders(), count);
    for (const { current } of chosen) {
      current!.isCut = true;
      current!.carrier!.stream!.close(constants.NGHTTP2_CANCEL);
      this.counts.stream += 1;
    }
    return chosen.length;
  }

  private sharedReaders(): ShardReader[] {
    return this.readers.filter(({ client, current }) => {
      return client.kind === 'shared' && current?.carrier && !current.isCut;
    });
  }

  private openSockets(): OpenSocket[] {
    const open = new Map<Socket, OpenSocket>();
    for (const { current, client } of this.readers) {
      const socket = current?.carrier?.socket;
      if (!current || !socket || client.wasCut(socket)) continue;
      const known = open.get(socket);
      if (known) known.subscriptions.push(current);
      else open.set(socket, { socket, client, subscriptions: [current] });
    }
    return [...open.values()];
  }

  private some<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && left.length > 0) {
      const at = this.random.integer(0, left.length - 1);
      chosen.push(...left.splice(at, 1));
    }
    return chosen;
  }
}

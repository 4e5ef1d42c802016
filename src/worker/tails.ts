/** The tails of a window by number. One that fails takes nothing else with it. */
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { plainDecoder } from '../decode/decodeRecord.ts';
import type { TailTick } from '../protocol/tail.ts';
import type { OpenTail } from '../protocol/worker.ts';
import { awsPace, localPace } from '../tail/pace.ts';
import { TailSession } from '../tail/tailSession.ts';
import type { Connections } from './connections.ts';
import { nodeClock, nodeRandom } from './nodeClock.ts';
import { timeBox } from './timeBox.ts';

export interface TailsHost {
  readonly connections: Connections;
  readonly logger: Logger;
  tick(tick: TailTick): void;
}

export class Tails implements Disposable {
  private readonly host: TailsHost;
  private readonly sessions = new Map<number, TailSession>();
  private lastTail = 0;

  constructor(host: TailsHost) {
    this.host = host;
  }

  open({ connection, stream, start, until, rowsMax, bytesMax, note }: OpenTail): number {
    const { connections, logger } = this.host;
    const place = connections.spec(connection).kind;
    const tail = ++this.lastTail;
    const session = new TailSession({
      tail,
      api: connections.reading(connection),
      stream,
      place,
      pace: place === 'local' ? localPace : awsPace,
      clock: nodeClock,
      random: nodeRandom,
      logger,
      start,
      until,
      bounds: { rowsMax, bytesMax },
      decoder: plainDecoder,
      timeBox,
      note,
      tick: (tick) => this.host.tick(tick),
    });
    this.sessions.set(tail, session);
    logger.info(`Tail ${tail} reads ${stream} of ${connection} from ${start.type}.`);
    return tail;
  }

  get(tail: number): TailSession {
    const session = this.sessions.get(tail);
    if (!session) throw new Error(`There is no tail ${tail} any more.`);
    return session;
  }

  close(tail: number): void {
    this.sessions.get(tail)?.dispose();
    this.sessions.delete(tail);
  }

  dispose(): void {
    for (const tail of [...this.sessions.keys()]) this.close(tail);
  }
}

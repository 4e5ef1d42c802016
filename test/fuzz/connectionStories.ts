// What became of the connections of the thread of the server: to tell, of one that was cut off, by whom.
import { Server, Socket } from 'node:net';

/** Of so many connections, the last ones, it is kept. */
const storiesMax = 20_000;

export class ConnectionStories {
  /** By the client's port. */
  private readonly stories = new Map<number, string[]>();

  /** Follows every connection that servers of this thread accept from now on. */
  constructor() {
    const prototype = Server.prototype as { emit(...given: unknown[]): boolean };
    const { emit } = prototype;
    const { accepted } = this;
    // Not by Node's own channel of diagnostics, which tells of a connection once its listeners were called.
    prototype.emit = function (...given): boolean {
      const [event, socket] = given;
      if (event === 'connection') accepted((socket as Socket).remotePort);
      return emit.apply(this, given);
    };
    this.follow('destroy');
    this.follow('end');
  }

  /** Of the last connection from that port. */
  of(clientPort: number): string {
    return this.stories.get(clientPort)?.join('; ') ?? 'it was never accepted';
  }

  private readonly accepted = (clientPort: number | undefined): void => {
    if (clientPort === undefined) return;
    this.stories.delete(clientPort);
    this.stories.set(clientPort, []);
    this.tell(clientPort, 'accepted');
    if (this.stories.size <= storiesMax) return;
    const [oldest] = this.stories.keys();
    this.stories.delete(oldest!);
  };

  /** Whoever calls it on a socket is noted. */
  private follow(method: 'destroy' | 'end'): void {
    const original = Socket.prototype[method] as (...given: unknown[]) => Socket;
    const { tell } = this;
    (Socket.prototype as unknown as Record<string, unknown>)[method] = function (
      this: Socket,
      ...given: unknown[]
    ): Socket {
      const { remotePort } = this;
      const [error] = given;
      const why = error instanceof Error ? ` because of ${error.message}` : '';
      if (remotePort !== undefined && !this.destroyed) {
        tell(
          remotePort,
          `${method}${why} after ${this.bytesRead} bytes in, ${this.bytesWritten} out${callers()}`,
        );
      }
      return original.apply(this, given);
    };
  }

  private readonly tell = (clientPort: number, what: string): void => {
    const story = this.stories.get(clientPort);
    if (story && story.length < 8) story.push(`${Math.round(performance.now())} ms ${what}`);
  };
}

/** The innermost first, by function, file and line. */
function callers(): string {
  const frames = new Error().stack?.split('\n').slice(3, 9) ?? [];
  return frames.map((frame) => frame.replace(/^ *at /, ' < ').replace(/file:\S*\//, '')).join('');
}

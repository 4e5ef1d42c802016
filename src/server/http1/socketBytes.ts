/**
 * Lets a connection's bytes be read into memory of ours, which costs a quarter of taking them from a
 * stream: no new memory for each 64 KiB, and no copy. Node offers that for sockets that it opens
 * (`onread`), not for those that a server accepts, so the accepted socket's handle moves to a new one.
 */
import { Socket, type SocketConstructorOpts } from 'node:net';

export interface ByteTarget {
  /** Where the next bytes go; asked for after each `received`, and once at the beginning. */
  room(): Uint8Array;
  /** `count` bytes were read into `into`, which `room` returned before. */
  received(count: number, into: Uint8Array): void;
}

/** What an accepted socket has below it. */
interface Handle {
  useUserBuffer?(buffer: Uint8Array): void;
  /** Bytes that the system has not taken yet. */
  readonly writeQueueSize?: number;
}

/** A socket whose handle may be taken. */
type Accepted = Socket & { _handle?: Handle | null };

/** Whether this Node's sockets have what is needed. */
export const hasOwnBytes = (socket: Socket): boolean =>
  typeof (socket as Accepted)._handle?.useUserBuffer === 'function';

/** How many bytes of all that was written the system has taken. */
export function bytesTaken(socket: Socket): number {
  return socket.bytesWritten - ((socket as Accepted)._handle?.writeQueueSize ?? 0);
}

/**
 * A socket for the same connection, its bytes going to `target` from now on; `socket` is ended without
 * anything being told the client, and its server forgets it. Nothing of it may be unread.
 */
export function takeBytes(socket: Socket, target: ByteTarget): Socket {
  const own = withHandleOf(socket, {
    onread: {
      buffer: () => target.room(),
      callback: (count, into) => {
        target.received(count, into);
        return true;
      },
    },
  });
  own.resume();
  return own;
}

/** The way back: a socket like any other for the same connection, paused, with `unread` to be read first. */
export function plainSocket(socket: Socket, unread: Uint8Array): Socket {
  const plain = withHandleOf(socket, { allowHalfOpen: true });
  plain.pause();
  if (unread.length > 0) plain.unshift(unread);
  return plain;
}

function withHandleOf(socket: Socket, options: SocketConstructorOpts): Socket {
  const accepted = socket as Accepted;
  const handle = accepted._handle;
  accepted._handle = null;
  const own = new Socket({ ...options, handle, readable: true, writable: true } as object);
  socket.destroy();
  return own;
}

// Waiting until a server in this process has read what a client sent it.
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { until } from './quiet.ts';

/** What reads of a connection, whichever Socket it is moved to. */
interface Handle {
  readonly bytesRead: number;
}

/** The server's side of each connection, by the client's port. */
const accepted = new Map<number, WeakRef<Handle>>();

subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket & { _handle: Handle | null } };
  const { remotePort: port, _handle: handle } = socket;
  if (port !== undefined && handle) accepted.set(port, new WeakRef(handle));
});

/** Resolves once the server has read all that was written to `client`. */
export async function heard(client: Socket): Promise<void> {
  await until(() => {
    const { localPort: port, bytesWritten, writableLength } = client;
    if (port === undefined || writableLength > 0) return false;
    return accepted.get(port)?.deref()?.bytesRead === bytesWritten;
  });
}

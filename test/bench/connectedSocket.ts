// A socket to a server on this machine, without Nagle's delay.
import { connect, type Socket } from 'node:net';

/** Rejects when nobody listens. */
export function connectedSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

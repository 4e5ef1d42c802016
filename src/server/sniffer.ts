/** Tells by its first bytes whether a connection speaks TLS, HTTP/2 with prior knowledge, or else HTTP/1.1. */
import type { Socket } from 'node:net';

/** Each takes over a paused socket of which nothing is read. */
export interface Protocols {
  http1(socket: Socket): void;
  http2(socket: Socket): void;
  tls(socket: Socket): void;
}

const preface = 'PRI';
const tlsHandshake = 0x16;
/** A connection that says nothing is closed after this; as long as an idle one is kept. */
const silenceMs = 65_000;

/**
 * Hands the socket on, with nothing of it read. Its errors stay listened to: whoever takes it over may
 * need a moment, and a reset in that moment must not end the process.
 */
export function sniff(socket: Socket, protocols: Protocols): void {
  let seen: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const start = seen.toString('latin1', 0, preface.length);
    if (start.length < preface.length && preface.startsWith(start)) return;
    socket.off('data', onData);
    socket.off('timeout', close);
    socket.off('end', close);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(seen);
    if (seen[0] === tlsHandshake) protocols.tls(socket);
    else if (start === preface) protocols.http2(socket);
    else protocols.http1(socket);
  };
  const close = (): void => void socket.destroy();
  socket.setNoDelay(true);
  socket.on('error', ignore);
  socket.setTimeout(silenceMs, close);
  socket.on('end', close);
  socket.on('data', onData);
}

const ignore = (): void => undefined;

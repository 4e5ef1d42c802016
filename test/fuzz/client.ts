// One raw connection of the fuzzer: sends anything, and reads what comes back as HTTP/1.1.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Transport } from './requests.ts';

export type Outcome =
  | { readonly type: 'answered'; readonly status: number; readonly body: Buffer }
  /** The server ended the connection. */
  | { readonly type: 'closed' }
  /** Nothing came within the time. */
  | { readonly type: 'silent' };

interface Sending {
  readonly bytes: Buffer;
  readonly silenceMs: number;
  readonly transport?: Transport;
}

const connected = (port: number, transport: Transport): Socket =>
  transport === 'plain'
    ? connect(port, '127.0.0.1')
    : connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });

/** Sends `bytes` on a connection of its own; for `silenceMs` nothing need come. */
export function send(
  port: number,
  { bytes, silenceMs, transport = 'plain' }: Sending,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connected(port, transport);
    const chunks: Buffer[] = [];
    const done = (outcome: Outcome): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => done({ type: 'silent' }), silenceMs);
    socket.on('error', () => undefined);
    socket.on('close', () => done(answerOf(chunks) ?? { type: 'closed' }));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const answer = answerOf(chunks);
      if (answer) done(answer);
    });
    write(socket, bytes);
  });
}

function write(socket: Socket, bytes: Buffer): void {
  socket.setNoDelay(true);
  socket.write(bytes);
}

/** The first whole answer in `chunks`; of an event stream its head is enough. */
function answerOf(chunks: Buffer[]): Outcome | undefined {
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end).toLowerCase();
  const status = Number(head.slice(9, 12));
  const start = end + 4;
  if (status === 100) return answerOf([bytes.subarray(start)]);
  if (head.includes('transfer-encoding: chunked')) {
    return { type: 'answered', status, body: bytes.subarray(start) };
  }
  const length = Number(/content-length: *(\d+)/.exec(head)?.[1] ?? 0);
  if (bytes.length < start + length) return undefined;
  return { type: 'answered', status, body: bytes.subarray(start, start + length) };
}

// One raw connection of the fuzzer: sends anything, and reads what comes back, as HTTP/1.1 if nothing else is said.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Transport } from './requests.ts';

export type Outcome =
  | { readonly type: 'answered'; readonly status: number; readonly body: Buffer }
  /** The server ended the connection; `clientPort`: where it began. */
  | {
      readonly type: 'closed';
      readonly error?: string | undefined;
      readonly clientPort?: number | undefined;
    }
  /** Nothing came within the time. */
  | { readonly type: 'silent' };

interface Sending {
  readonly bytes: Buffer;
  readonly silenceMs: number;
  readonly transport?: Transport;
  /** What TLS is to be asked for. */
  readonly protocol?: 'h2' | 'http/1.1';
  /** The answer in what came, once it is there. */
  readonly read?: (chunks: Buffer[]) => Outcome | undefined;
}

export function connected(
  port: number,
  { transport, protocol }: { transport: Transport; protocol: 'h2' | 'http/1.1' },
): Socket {
  if (transport === 'plain') return connect(port, '127.0.0.1').setNoDelay(true);
  const ALPNProtocols = [protocol];
  const secure = { host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols };
  return connectTls({ port, ...secure }).setNoDelay(true);
}

/** Calls `task` after this long; what came while this process slept is read first. */
export const whenSilent = (silenceMs: number, task: () => void): NodeJS.Timeout =>
  setTimeout(() => void setImmediate(task), silenceMs);

/** Sends `bytes` on a connection of its own; for `silenceMs` nothing need come. */
export function send(
  port: number,
  { bytes, silenceMs, transport = 'plain', protocol = 'http/1.1', read = answerOf }: Sending,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connected(port, { transport, protocol });
    const chunks: Buffer[] = [];
    const done = (outcome: Outcome): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = whenSilent(silenceMs, () => done({ type: 'silent' }));
    let error: string | undefined;
    let clientPort: number | undefined;
    socket.on('connect', () => {
      clientPort = socket.localPort;
    });
    socket.on('error', (thrown) => {
      error = thrown.message;
    });
    socket.on('close', () => done(read(chunks) ?? { type: 'closed', error, clientPort }));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const answer = read(chunks);
      if (answer) done(answer);
    });
    socket.write(bytes);
  });
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

/**
 * Answers requests that Node's reader gives up, and lets the client read the answer: ended at once, with bytes
 * of the request unread, the connection would take the answer back.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { codeOf } from '../base/errors.ts';

/** How long a client may still send. */
const endingMs = 5_000;
const tooSlow = 'ERR_HTTP_REQUEST_TIMEOUT';

/** By the error's code, as Node answers by itself. */
const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  [tooSlow]: '408 Request Timeout',
};

/** A listener for `clientError`; one for each server. */
export function badHeads(clock: Clock): (error: Error, socket: Socket) => void {
  /** What they send on is read again, and refused again. */
  const answered = new WeakSet<Socket>();
  return (error, socket) => {
    if (answered.has(socket)) return;
    answered.add(socket);
    if (!socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const code = codeOf(error) ?? '';
    const limit = clock.schedule(endingMs, () => socket.destroy());
    socket.once('close', () => limit.dispose());
    socket.once('end', () => socket.destroy());
    socket.end(`HTTP/1.1 ${statuses[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
    // Nothing is wrong with a slow request: read on, it would become whole, and a call that was refused be made.
    if (code === tooSlow) socket.destroySoon();
    else socket.resume();
  };
}

/** Whether a client would take what is sent now for the answer, or a part of it, of an earlier request. */
function isAnswering(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  const { _httpMessage: answer } = socket; // Node's own server looks at it, too
  return answer ? answer.headersSent || answer.req.complete : false;
}

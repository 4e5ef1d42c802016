/**
 * Who may speak to the port at all. A web page must never reach the engine: its requests carry an
 * Origin, or, through a name that was rebound to 127.0.0.1, a foreign Host.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The last is what a container calls the machine that it runs on. */
const loopbackNames: ReadonlySet<string> = new Set([
  ...['127.0.0.1', 'localhost', '[::1]', 'host.docker.internal'],
]);

/** A client says the same in every request. */
let lastAllowed: { host: string; by: ReadonlySet<string> } = { host: '', by: new Set() };

/** Why a request is refused, as a sentence; undefined when it may come in. `origin`: one that is not allowed. */
export function refusalOf(
  headers: { origin: string | undefined; host: string | undefined },
  allowedHosts: ReadonlySet<string>,
): string | undefined {
  if (headers.origin !== undefined) {
    return (
      'Shardscope takes no requests from web pages (this one has an Origin header). ' +
      'Call it from a program that is not a browser, or allow its origin with --cors.'
    );
  }
  const given = headers.host ?? '';
  if (given === lastAllowed.host && allowedHosts === lastAllowed.by) return undefined;
  const host = hostNameOf(given);
  if (loopbackNames.has(host) || allowedHosts.has(host)) {
    lastAllowed = { host: given, by: allowedHosts };
    return undefined;
  }
  return (
    `Shardscope answers only to the names 127.0.0.1, localhost and [::1], not to "${host}". ` +
    'Use one of them in the endpoint, or allow this one with --allow-host.'
  );
}

/** Without the port, in lower case: `[::1]:4567` is `[::1]`. */
function hostNameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

/** Compares a header with the nonce in a time that tells nothing about it. */
export function holdsNonce(given: unknown, nonce: string): boolean {
  if (typeof given !== 'string') return false;
  const [left, right] = [Buffer.from(given), Buffer.from(nonce)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * What only a holder of the nonce can say to `challenge`: HMAC-SHA256 in hexadecimal, over the port
 * too. So a prober learns whether the engine of a lock file is at its port without sending the nonce.
 */
export function proofOf(nonce: string, asked: { challenge: string; port: number }): string {
  const text = `shardscope hello ${asked.port} ${asked.challenge}`;
  return createHmac('sha256', nonce).update(text).digest('hex');
}

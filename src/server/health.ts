/** Says that the server answers, to whoever waits for it or watches it, and nothing else of it. */
import type { Answer, Exchange } from './exchange.ts';

/** As other local engines name them. @source documented */
const paths: ReadonlySet<string> = new Set(['/healthcheck', '/_health']);

/** Undefined for what is no question about health. */
export function healthAnswer({ method, path }: Exchange): Answer | undefined {
  if ((method !== 'GET' && method !== 'HEAD') || !paths.has(path)) return undefined;
  const headers = ['Content-Type', 'application/json', 'Cache-Control', 'no-store'];
  return { status: 200, headers, body: method === 'GET' ? '{"status":"UP"}' : '' };
}

/** Speaks to a running engine's admin interface over loopback; holds this window's connection to it. */
import { createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AdminEvent } from '../../admin/adminApi.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { ControlRoute } from './engineControls.ts';
import type { EngineAddress } from './engineLock.ts';

export type AdminRoute =
  | 'status'
  | 'reset'
  | 'empty-stream'
  | 'drop-damaged'
  | 'ensure-streams'
  | 'stop'
  | ControlRoute;

export interface AdminCall {
  readonly route: AdminRoute;
  readonly body?: unknown;
  /** Of silence; default: 30 s; 0: as long as it takes. */
  readonly timeoutMs?: number;
  /** Ends the waiting, not what the engine does. */
  readonly signal?: AbortSignal | undefined;
}

const callTimeoutMs = 30_000;
/** The engine says something every 5 s; three silences in a row mean that it is gone. */
const silenceMs = 15_000;
/** An engine that answers at all does so in this time. */
export const answerTimeoutMs = 2_000;
const lineCharactersMax = 1024 * 1024;

const headersOf = ({ nonce }: EngineAddress): Record<string, string> => ({
  'x-shardscope-nonce': nonce,
  'content-type': 'application/json',
});

/** Calls one admin route. Rejects with the engine's own sentence, or the socket's error. */
export async function postAdmin<T>(address: EngineAddress, call: AdminCall): Promise<T> {
  const response = await send(address, call);
  const text = await collect(response);
  if (response.statusCode === 200) return (text ? JSON.parse(text) : undefined) as T;
  throw new Error(messageIn(text) ?? `The engine answered ${response.statusCode}.`);
}

function send(address: EngineAddress, call: AdminCall): Promise<http.IncomingMessage> {
  const { signal } = call;
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${address.endpoint}/_shardscope/${call.route}`,
      { method: 'POST', headers: headersOf(address), agent: false, ...(signal && { signal }) },
      resolve,
    );
    request.setTimeout(call.timeoutMs ?? callTimeoutMs, () =>
      request.destroy(new Error(`The engine at ${address.endpoint} did not answer.`)),
    );
    request.on('error', reject);
    request.end(JSON.stringify(call.body ?? {}));
  });
}

async function collect(response: http.IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

function messageIn(text: string): string | undefined {
  try {
    const { message, Message } = JSON.parse(text) as Record<string, unknown>;
    const said = message ?? Message;
    return typeof said === 'string' ? said : undefined;
  } catch {
    return undefined; // another server's page
  }
}

/**
 * Whether the engine of a lock file is what answers at its address: asked without telling the nonce,
 * since a stale lock's port may be somebody else's by now. False too when nobody answers.
 */
export async function isEngineAt(address: EngineAddress): Promise<boolean> {
  const challenge = randomBytes(16).toString('hex');
  const url = `${address.endpoint}/_shardscope/hello?challenge=${challenge}`;
  const { port } = new URL(address.endpoint);
  const proof = createHmac('sha256', address.nonce)
    .update(`shardscope hello ${port} ${challenge}`)
    .digest('hex');
  try {
    const response = await get(url);
    const answer = JSON.parse(await collect(response)) as { proof?: unknown };
    return answer.proof === proof;
  } catch {
    return false; // refused, silent, or no server of ours
  }
}

function get(url: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    http.get(url, { agent: false, signal }, resolve).on('error', reject);
  });
}

export interface AdminListener {
  onEvent(event: AdminEvent): void;
  /** Called once, unless disposed before: the connection could not be made, or ended. */
  onEnd(reason: string): void;
}

/** Opens the long connection that counts as this window. Disposing it takes the window back. */
export function openAdminConnection(address: EngineAddress, listener: AdminListener): Disposable {
  let isOver = false;
  const end = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    request.destroy();
    listener.onEnd(reason);
  };
  const request = http.get(
    `${address.endpoint}/_shardscope/connect`,
    { headers: headersOf(address), agent: false },
    (response) => {
      if (response.statusCode !== 200) return end(`it answered ${response.statusCode}`);
      readLines(response, (line) => {
        if (!isOver) listener.onEvent(JSON.parse(line) as AdminEvent);
      });
      response.on('error', (error) => end(error.message));
      response.on('close', () => end('the connection ended'));
    },
  );
  request.setTimeout(silenceMs, () => end(`it said nothing for ${silenceMs / 1000} s`));
  request.on('error', (error) => end(error.message));
  return {
    dispose: () => {
      isOver = true;
      request.destroy();
    },
  };
}

function readLines(response: http.IncomingMessage, onLine: (line: string) => void): void {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineCharactersMax) response.destroy(new Error('a line without an end'));
    for (const line of lines) if (line !== '') onLine(line);
  });
}

/** The engine's admin interface over HTTP, for holders of the lock's nonce only. */
import type { AdminApi, StreamSeed } from '../admin/adminApi.ts';
import { badBody, Fields } from '../admin/fields.ts';
import type { Clock } from '../base/clock.ts';
import type { Event } from '../base/emitter.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { AdminConnections } from './adminConnections.ts';
import { type AdminRoute, controlRoutes } from './adminControls.ts';
import type { WithBody } from './body.ts';
import { answerJson, type Exchange } from './exchange.ts';
import { holdsNonce, proofOf } from './guard.ts';

export interface Admin {
  /** Its `windowCount` is overwritten: the server counts connections itself. */
  readonly api: AdminApi;
  readonly onDidChange: Event<'streams' | 'status'>;
}

export interface AdminParts {
  readonly admin: Admin;
  readonly nonce: string;
  readonly clock: Clock;
  readonly logger: Logger;
  port(): number;
  readonly withBody: WithBody;
}

export const adminPath = '/_shardscope/';

const routes: Readonly<Record<string, AdminRoute>> = {
  reset: (api) => api.reset(),
  'empty-stream': (api, body) => api.emptyStream(streamOf(body)),
  'drop-damaged': (api, body) => api.dropDamaged(streamOf(body)),
  'ensure-streams': (api, body) => api.ensureStreams(seedsOf(body)),
  stop: (api) => api.stop(),
  ...controlRoutes,
};

export class AdminRoutes {
  readonly connections: AdminConnections;
  private readonly parts: AdminParts;

  constructor(parts: AdminParts) {
    this.parts = parts;
    const { clock, admin } = parts;
    const status = () => admin.api.status();
    this.connections = new AdminConnections({ clock, onDidChange: admin.onDidChange, status });
  }

  /** Answers a request below `adminPath`. Rejects only when the body cannot be read. */
  async answer(exchange: Exchange): Promise<void> {
    const name = exchange.path.slice(adminPath.length);
    if (name === 'hello') return this.hello(exchange);
    if (!holdsNonce(exchange.header('x-shardscope-nonce'), this.parts.nonce)) {
      return answerJson(exchange, 403, refusal(nonceSentence));
    }
    if (name === 'connect') return this.connections.add(exchange);
    if (exchange.method !== 'POST') return answerJson(exchange, 405, refusal('Use POST.'));
    return this.parts.withBody(exchange, (body) => this.run({ name, body }, exchange));
  }

  private async run(asked: { name: string; body: Buffer }, exchange: Exchange): Promise<void> {
    const { admin, logger } = this.parts;
    try {
      if (asked.name === 'status') {
        return answerJson(exchange, 200, await this.connections.status());
      }
      const route = Object.hasOwn(routes, asked.name) ? routes[asked.name] : undefined;
      if (!route) return answerJson(exchange, 404, refusal(`There is no "${asked.name}" here.`));
      answerJson(exchange, 200, (await route(admin.api, objectOf(asked.body))) ?? {});
    } catch (thrown) {
      const status = thrown instanceof KinesisError ? thrown.status : 500;
      if (status === 500) logger.error(`admin ${asked.name} failed: ${messageOf(thrown)}`);
      answerJson(exchange, status, failureOf(thrown));
    }
  }

  /** Proves to whoever knows the nonce that this is its engine; tells nothing to others. */
  private hello(exchange: Exchange): void {
    const challenge = new URLSearchParams(exchange.search).get('challenge') ?? '';
    if (/^[0-9a-f]{32,128}$/.test(challenge)) {
      const proof = proofOf(this.parts.nonce, { challenge, port: this.parts.port() });
      answerJson(exchange, 200, { shardscope: true, proof });
    } else {
      answerJson(exchange, 400, refusal('hello needs a challenge: 32 to 128 hex digits.'));
    }
  }
}

const nonceSentence =
  "Admin routes need the nonce of the data folder's lock file in the header x-shardscope-nonce.";

const refusal = (message: string) => ({ __type: 'AccessDeniedException', message });

function failureOf(thrown: unknown): { __type: string; message: string } {
  const __type = thrown instanceof Error ? thrown.name : 'Error';
  return { __type, message: messageOf(thrown) };
}

function objectOf(body: Buffer): object {
  let value: unknown = {};
  try {
    if (body.length > 0) value = JSON.parse(body.toString('utf8'));
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value;
  throw badBody('The body is no JSON object.');
}

const streamOf = (body: object): string => new Fields(body, ['stream']).text('stream');

function seedsOf(body: object): StreamSeed[] {
  const streams = new Fields(body, ['streams']).get('streams');
  if (Array.isArray(streams) && streams.every(isSeed)) return streams;
  throw badBody('The body needs {"streams": [{"name": NAME, "shards": COUNT}]}.');
}

function isSeed(value: unknown): value is StreamSeed {
  const { name, shards } = (value ?? {}) as Partial<StreamSeed>;
  return typeof name === 'string' && Number.isSafeInteger(shards) && Number(shards) >= 1;
}

/** KinesisApi over the network, to the local engine or to AWS. The only place that builds the SDK's client. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Disposable } from '../base/disposable.ts';
import { apiFrom, type CallContext, type KinesisApi } from '../kinesis/kinesisApi.ts';
import type { InputOf, OperationName, OutputOf } from '../kinesis/operations.ts';
import type { AwsConnection, ConnectionSpec } from '../protocol/connection.ts';
import { commandFor } from './commands.ts';
import { credentialsFor } from './credentials.ts';
import { resolveEndpoint } from './endpoint.ts';
import { toKinesisError } from './sdkErrors.ts';

export interface Connected extends Disposable {
  /**
   * A user's call: subject to limits, seen in counters. Up to `attemptsMax` attempts, but one for
   * PutRecord and PutRecords: repeating those can store a record twice, which the publisher must know.
   */
  readonly api: KinesisApi;
  /**
   * The extension's own reading: exempt from limits and invisible on the local engine. One attempt a
   * call, since who polls paces itself. Never for puts.
   */
  readonly own: KinesisApi;
}

export const attemptsMax = 3;
/** Sockets of one connection; a tail has at most 16 calls in flight. */
const socketsMax = 32;
const connectTimeoutMs = 5_000;
const requestTimeoutMs = 60_000;
export const nonceHeader = 'x-shardscope-nonce';

type Send = <N extends OperationName>(
  operation: N,
  input: InputOf<N>,
  context?: CallContext,
) => Promise<OutputOf<N>>;

/** Opens no socket and reads no file until the first call. Every rejection is a KinesisError or the abort's reason. */
export function connect(spec: ConnectionSpec): Connected {
  const requestHandler = handler();
  const config: KinesisClientConfig = { ...configFor(spec), requestHandler };
  const once = new KinesisClient({ ...config, maxAttempts: 1 });
  const often = new KinesisClient({ ...config, maxAttempts: attemptsMax });
  const sendOnce = sender(once, spec);
  const sendOften = sender(often, spec);
  const api = apiFrom((operation, input, context) =>
    (isPut(operation) ? sendOnce : sendOften)(operation, input, context),
  );
  const own = spec.kind === 'local' ? apiFrom(sender(once, spec, spec.nonce)) : apiFrom(sendOnce);
  return { api, own, dispose: () => requestHandler.destroy() };
}

const isPut = (operation: OperationName): boolean =>
  operation === 'PutRecord' || operation === 'PutRecords';

function handler(): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: socketsMax };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    socketAcquisitionWarningTimeout: requestTimeoutMs,
  });
}

function configFor(spec: ConnectionSpec): KinesisClientConfig {
  if (spec.kind === 'aws') return awsConfig(spec);
  return {
    region: spec.region,
    endpoint: spec.endpoint,
    // The engine checks no signature by default; the SDK does not call without credentials.
    credentials: { accessKeyId: 'shardscope', secretAccessKey: 'shardscope' },
  };
}

/** The SDK asks for the endpoint only when the key is there, so a custom one is found out first. */
function awsConfig(spec: AwsConnection): KinesisClientConfig {
  return {
    region: spec.region,
    credentials: credentialsFor(spec),
    ...(spec.endpoint ? { endpoint: spec.endpoint } : {}),
  };
}

function sender(client: KinesisClient, spec: ConnectionSpec, nonce?: string): Send {
  const prepared = spec.kind === 'aws' && !spec.endpoint ? awsEndpoint(client, spec) : undefined;
  return async (operation, input, context) => {
    context?.signal?.throwIfAborted();
    const command = commandFor(operation, input);
    if (nonce !== undefined) addHeader(command, nonce);
    try {
      await prepared?.();
      const options = context?.signal ? { abortSignal: context.signal } : {};
      const { $metadata: _, ...output } = await client.send(command, options);
      return output as OutputOf<typeof operation>;
    } catch (thrown) {
      if (context?.signal?.aborted) throw context.signal.reason;
      throw toKinesisError(thrown, spec);
    }
  };
}

/** Resolves the profile's endpoint before the first call; the SDK leaves it out when `profile` is given. */
function awsEndpoint(client: KinesisClient, spec: AwsConnection): () => Promise<void> {
  let resolving: Promise<void> | undefined;
  const resolve = async (): Promise<void> => {
    const url = await resolveEndpoint(spec);
    if (url === undefined) return;
    const { protocol, hostname, port, pathname } = new URL(url);
    const endpoint = {
      protocol,
      hostname,
      path: pathname,
      ...(port ? { port: Number(port) } : {}),
    };
    client.config.endpoint = async () => endpoint;
  };
  return () => (resolving ??= resolve());
}

type Command = ReturnType<typeof commandFor>;

function addHeader(command: Command, nonce: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers[nonceHeader] = nonce;
      return next(args);
    },
    { step: 'build', name: 'shardscopeNonce' },
  );
}

/** KinesisApi over the network, to the local engine or to AWS. The only place that builds the SDK's client. */
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import type { Disposable } from '../base/disposable.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { networkError } from '../kinesis/failureKinds.ts';
import { apiFrom, type CallContext, type KinesisApi } from '../kinesis/kinesisApi.ts';
import type { InputOf, OperationName, OutputOf } from '../kinesis/operations.ts';
import type { ConnectionSpec } from '../protocol/connection.ts';
import { commandFor } from './commands.ts';
import { credentialsFor } from './credentials.ts';
import { resolveEndpoint } from './endpoint.ts';
import { addHeader, localConfig, nonceHeader, windowHeader } from './localClient.ts';
import { PushClient } from './pushClient.ts';
import { credentialsError, toKinesisError } from './sdkErrors.ts';
import { Transport } from './transport.ts';

export interface Connected extends Disposable {
  /**
   * A user's call: subject to limits, seen in counters. Up to `attemptsMax` attempts, but one for
   * PutRecord and PutRecords: repeating those can store a record twice, which the publisher must know.
   */
  readonly api: KinesisApi;
  /**
   * The extension's own reading: exempt from limits and invisible on the local engine, where subscriptions need
   * no consumer. One attempt a call, since who reads paces itself. Never for puts.
   */
  readonly own: KinesisApi;
}

export interface ConnectOptions {
  /**
   * For how long nothing may come or go amid a call before the network counts as lost: in the extension's own reading,
   * which AWS answers in less than a second, and in all else. A subscription tells something every five seconds; those of
   * the local engine have a bound of their own.
   */
  readonly silenceMs?: { readonly own: number; readonly others: number };
}

export const attemptsMax = 3;
const silenceMsMax = { own: 8_000, others: 60_000 };

type Send = <N extends OperationName>(
  operation: N,
  input: InputOf<N>,
  context?: CallContext,
) => Promise<OutputOf<N>>;

/** Opens no socket and reads no file until the first call. Every rejection is a KinesisError or the abort's reason. */
export function connect(
  spec: ConnectionSpec,
  { silenceMs = silenceMsMax }: ConnectOptions = {},
): Connected {
  const transports = {
    own: new Transport(silenceMs.own),
    others: new Transport(silenceMs.others),
  };
  const clients = clientsOf(spec, transports);
  const lost = (): void => {
    for (const transport of Object.values(transports)) transport.closeIdle();
  };
  const sendBy = (kind: keyof Clients): Send => sender(spec, { clients, kind, lost });
  const [sendOnce, sendOften] = [sendBy('once'), sendBy('often')];
  const api = apiFrom((operation, input, context) =>
    (isPut(operation) ? sendOnce : sendOften)(operation, input, context),
  );
  const asked = apiFrom(sendBy('own'));
  const push = spec.kind === 'local' ? new PushClient(spec) : undefined;
  const own = push ? { ...asked, subscribeToShard: push.subscribeToShard.bind(push) } : asked;
  const dispose = (): void => {
    for (const transport of Object.values(transports)) transport.destroy();
    push?.dispose();
  };
  return { api, own, dispose };
}

interface Transports {
  readonly own: Transport;
  readonly others: Transport;
}

interface Clients {
  readonly once: KinesisClient;
  readonly often: KinesisClient;
  readonly own: KinesisClient;
}

interface ClientSource {
  get(): Promise<Clients>;
  /** The next call builds new ones, which read the credentials anew. */
  forget(): void;
}

/** Made at the first call: the SDK takes an endpoint only when it is built, and ours may be in a file. */
function clientsOf(spec: ConnectionSpec, transports: Transports): ClientSource {
  let made: Promise<Clients> | undefined;
  const make = async (): Promise<Clients> => {
    const config = { ...(await configFor(spec)), requestHandler: transports.others };
    const once = new KinesisClient({ ...config, maxAttempts: 1 });
    // They renew their credentials together.
    const { credentials } = once.config;
    const often = new KinesisClient({ ...config, credentials, maxAttempts: attemptsMax });
    const own = new KinesisClient({
      ...config,
      credentials,
      maxAttempts: 1,
      requestHandler: transports.own,
    });
    if (spec.kind === 'aws') return { once, often, own };
    const { nonce } = spec;
    addHeader(own, { name: nonceHeader, value: nonce });
    for (const client of [once, often]) addHeader(client, { name: windowHeader, value: nonce });
    return { once, often, own };
  };
  const forget = (): void => {
    made = undefined;
  };
  const makeAnew = async (): Promise<Clients> => {
    try {
      return await make();
    } catch (thrown) {
      forget();
      throw thrown;
    }
  };
  return {
    get: () => {
      made ??= makeAnew();
      return made;
    },
    forget,
  };
}

const isPut = (operation: OperationName): boolean =>
  operation === 'PutRecord' || operation === 'PutRecords';

async function configFor(spec: ConnectionSpec): Promise<KinesisClientConfig> {
  if (spec.kind === 'local') return localConfig(spec);
  const endpoint = await resolveEndpoint(spec);
  return {
    region: spec.region,
    credentials: credentialsFor(spec),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

interface SenderParts {
  readonly clients: ClientSource;
  readonly kind: keyof Clients;
  /** The network was lost. */
  lost(): void;
}

function sender(spec: ConnectionSpec, { clients, kind, lost }: SenderParts): Send {
  return async (operation, input, context) => {
    context?.signal?.throwIfAborted();
    const options = context?.signal ? { abortSignal: context.signal } : {};
    const send = async (): Promise<OutputOf<typeof operation>> => {
      const client = (await clients.get())[kind];
      const { $metadata: _, ...output } = await client.send(commandFor(operation, input), options);
      return output as OutputOf<typeof operation>;
    };
    try {
      return await withClockSet(send);
    } catch (thrown) {
      if (context?.signal?.aborted) throw context.signal.reason;
      const error = toKinesisError(thrown, spec);
      // The SDK keeps credentials that name no end for ever, also those that were renewed in their file.
      if (error instanceof KinesisError && error.name === credentialsError) clients.forget();
      if (error instanceof KinesisError && error.name === networkError) lost();
      throw error;
    }
  };
}

/** A wrong clock is no failure: by then the SDK has learned AWS's time, and nothing was done yet. */
async function withClockSet<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (thrown) {
    const refusal = thrown as { $metadata?: { clockSkewCorrected?: boolean } } | undefined;
    if (refusal?.$metadata?.clockSkewCorrected) return await send();
    throw thrown;
  }
}

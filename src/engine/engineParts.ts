/** What an operation sees of the engine: its parts, the call, and how a call names its stream. */
import type { Logger } from '../base/logger.ts';
import { parseStreamArn } from '../kinesis/arn.ts';
import { invalidArgument, noStreamNamed, streamNotFound } from '../kinesis/errors.ts';
import type { InputOf, OperationName, OutputOf } from '../kinesis/operations.ts';
import type { Ages } from './ages.ts';
import type { Capacity } from './capacity.ts';
import type { Catalog, StreamKey } from './catalog.ts';
import type { ConsumerStates } from './consumerStates.ts';
import type { CallLimits } from './limits/callLimits.ts';
import type { Throughput } from './limits/throughput.ts';
import type { OpenStreams } from './openStreams.ts';
import type { EnginePorts, EngineSettings } from './ports.ts';
import type { StreamEntry } from './streamEntry.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { Tokens } from './tokens.ts';
import type { Transitions } from './transitions.ts';

export interface EngineParts {
  readonly ports: EnginePorts;
  readonly settings: EngineSettings;
  readonly catalog: Catalog;
  readonly streams: OpenStreams;
  readonly capacity: Capacity;
  readonly throughput: Throughput;
  readonly callLimits: CallLimits;
  readonly transitions: Transitions;
  readonly tokens: Tokens;
  readonly consumerStates: ConsumerStates;
  readonly subscriptions: Subscriptions;
  readonly ages: Ages;
  readonly logger: Logger;
}

/** Who calls. */
export interface Scope {
  readonly account: string;
  readonly region: string;
  /** The extension's own call: exempt from limits and quotas, in no counter. */
  readonly own: boolean;
  /** Access key, for the counters; empty when nobody said. */
  readonly caller: string;
}

export interface Call<N extends OperationName> {
  readonly input: InputOf<N>;
  readonly scope: Scope;
}

/** One operation: the input has passed its constraints. Rejects with KinesisError or LogError. */
export type Handler<N extends OperationName> = (
  engine: EngineParts,
  call: Call<N>,
) => Promise<OutputOf<N>>;

/** How nearly every input names its stream. */
export interface StreamNaming {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

/**
 * The stream a call names; an ARN's own account and region win. Throws InvalidArgument when it names
 * none or two. @source guessed: the sentence for two.
 */
export function namedStream(call: { input: StreamNaming; scope: Scope }): StreamKey {
  const { StreamName: name, StreamARN: arn } = call.input;
  const { account, region } = call.scope;
  if (arn === undefined) {
    if (name === undefined) throw noStreamNamed();
    return { account, region, name };
  }
  const parts = parseStreamArn(arn);
  if (!parts) throw invalidArgument(`Invalid StreamARN: ${arn}`);
  if (name !== undefined && name !== parts.name) {
    throw invalidArgument(`StreamName ${name} and StreamARN ${arn} do not name the same stream.`);
  }
  return { account: parts.account, region: parts.region, name: parts.name };
}

/** The catalog's entry of the stream a call names. Throws ResourceNotFound. */
export function findStream(
  engine: EngineParts,
  call: { input: StreamNaming; scope: Scope },
): StreamEntry {
  const key = namedStream(call);
  const stream = engine.catalog.byName(key);
  if (!stream) throw streamNotFound(key);
  return stream;
}

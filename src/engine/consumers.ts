/** The consumers of streams: which one a call names, and what the catalog becomes when they change. */
import { formatConsumerArn, parseConsumerArn, partitionOf } from '../kinesis/arn.ts';
import {
  type ConsumerId,
  consumerNotFound,
  differentConsumers,
  noConsumerNamed,
} from '../kinesis/consumerErrors.ts';
import { invalidArgument, streamNotFound } from '../kinesis/errors.ts';
import type { Consumer } from '../kinesis/shapes.ts';
import { arnOf } from './describe.ts';
import { type EngineParts, findStream, type Scope } from './engineParts.ts';
import type { CatalogChange, ConsumerEntry, StreamEntry } from './streamEntry.ts';

/** How inputs name a consumer. */
export interface ConsumerNaming {
  readonly StreamARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly ConsumerARN?: string | undefined;
}

export interface FoundConsumer {
  readonly stream: StreamEntry;
  readonly consumer: ConsumerEntry;
}

export const consumersOf = ({ consumers = [] }: StreamEntry): readonly ConsumerEntry[] => consumers;

export function consumerArnOf(stream: StreamEntry, consumer: ConsumerEntry): string {
  const { account, region, name } = stream;
  return formatConsumerArn({
    stream: { partition: partitionOf(region), region, account, name },
    consumer: consumer.name,
    createdSeconds: consumer.createdSeconds,
  });
}

export const idOf = ({ stream, consumer }: FoundConsumer): ConsumerId => ({
  stream,
  consumer: consumer.name,
});

/** As the operations show it. */
export const shownConsumer = (stream: StreamEntry, consumer: ConsumerEntry): Consumer => ({
  ConsumerName: consumer.name,
  ConsumerARN: consumerArnOf(stream, consumer),
  ConsumerStatus: consumer.status,
  ConsumerCreationTimestamp: new Date(consumer.createdSeconds * 1000),
});

/**
 * The consumer that a call names, whatever its state. Throws ResourceNotFound, or InvalidArgument for a call
 * that names none or two.
 */
export function findConsumer(
  engine: EngineParts,
  { input, scope }: { input: ConsumerNaming; scope: Scope },
): FoundConsumer {
  const { ConsumerARN: arn, StreamARN: streamArn, ConsumerName: name } = input;
  if (arn !== undefined) return byArn(engine, { arn, streamArn, name });
  if (streamArn === undefined || name === undefined) throw noConsumerNamed();
  const stream = findStream(engine, { input: { StreamARN: streamArn }, scope });
  const consumer = consumersOf(stream).find((one) => one.name === name);
  if (!consumer) throw consumerNotFound(`${arnOf(stream)}/consumer/${name}`, stream.account);
  return { stream, consumer };
}

/** In the ARN of a consumer that was never registered, by which the extension reads. */
const neverCreated = 0;

/**
 * The consumer that the extension's own call reads by: nobody registered it, it is kept nowhere, and its name is
 * the caller's to choose. Undefined for all other calls. Throws ResourceNotFound for a stream that is not there.
 */
export function ownConsumer(
  { catalog }: EngineParts,
  { input, scope }: { input: ConsumerNaming; scope: Scope },
): FoundConsumer | undefined {
  const parts = scope.own ? parseConsumerArn(input.ConsumerARN ?? '') : undefined;
  if (parts?.createdSeconds !== neverCreated) return undefined;
  const stream = catalog.byName(parts.stream);
  if (!stream) throw streamNotFound(parts.stream);
  const name = parts.consumer;
  return { stream, consumer: { name, createdSeconds: neverCreated, status: 'ACTIVE', tags: [] } };
}

/** An ARN names one registration of a name: a later one has another. */
function byArn(
  { catalog }: EngineParts,
  named: { arn: string; streamArn?: string | undefined; name?: string | undefined },
): FoundConsumer {
  const { arn } = named;
  const parts = parseConsumerArn(arn);
  if (!parts) throw invalidArgument(`Invalid ConsumerARN: ${arn}`);
  const isOther = named.name !== undefined && named.name !== parts.consumer;
  if (isOther || (named.streamArn !== undefined && !arn.startsWith(`${named.streamArn}/`))) {
    throw differentConsumers();
  }
  const stream = catalog.byName(parts.stream);
  const consumer =
    stream &&
    registrationOf(stream, { name: parts.consumer, createdSeconds: parts.createdSeconds });
  if (!stream || !consumer) throw consumerNotFound(arn, parts.stream.account);
  return { stream, consumer };
}

/** One registration of a name, whatever its state; undefined when it is gone. */
export const registrationOf = (
  stream: StreamEntry,
  { name, createdSeconds }: Pick<ConsumerEntry, 'name' | 'createdSeconds'>,
): ConsumerEntry | undefined =>
  consumersOf(stream).find((one) => one.name === name && one.createdSeconds === createdSeconds);

/** The change that makes `next` of a consumer, which may be new; undefined removes it. */
export function consumerChange(
  { stream, consumer }: FoundConsumer,
  next: ConsumerEntry | undefined,
): CatalogChange {
  const others = consumersOf(stream).filter((one) => one !== consumer);
  const consumers = next ? [...others, next] : others;
  consumers.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { type: 'change', id: stream.id, set: { consumers } };
}

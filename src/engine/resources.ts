/** What a ResourceARN names: streams and their consumers, things that have tags and a policy. */
import { parseResourceArn } from '../kinesis/arn.ts';
import { consumerNotActive, consumerNotFound } from '../kinesis/consumerErrors.ts';
import {
  invalidArgument,
  resourceNotFound,
  type StreamId,
  streamNotActive,
  streamNotFound,
} from '../kinesis/errors.ts';
import { consumerChange, consumersOf, type FoundConsumer, idOf } from './consumers.ts';
import type { EngineParts } from './engineParts.ts';
import type { CatalogChange, ConsumerEntry, StreamEntry } from './streamEntry.ts';

/** A tag's key and value. */
export type TagPair = readonly [string, string];

/** What a resource keeps that these operations change. */
export interface ResourceContent {
  readonly tags: readonly TagPair[];
  /** As it was given; empty without one. */
  readonly policy: string;
}

/** One resource as the catalog has it now. */
export interface Resource extends ResourceContent {
  /** How sentences name it. */
  readonly id: StreamId;
  /** Throws ResourceInUse unless it may be changed. */
  checkActive(): void;
  changeOf(set: Partial<ResourceContent>): CatalogChange;
}

export const streamResource = (stream: StreamEntry): Resource => ({
  id: stream,
  tags: stream.tags,
  policy: stream.policy ?? '',
  checkActive: () => {
    if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
  },
  changeOf: (set) => ({ type: 'change', id: stream.id, set }),
});

const consumerResource = (found: FoundConsumer): Resource => {
  const { stream, consumer } = found;
  return {
    id: stream,
    tags: consumer.tags,
    policy: consumer.policy ?? '',
    checkActive: () => {
      if (consumer.status === 'ACTIVE') return;
      throw consumerNotActive(idOf(found), consumer.createdSeconds);
    },
    changeOf: (set) => consumerChange(found, { ...consumer, ...set }),
  };
};

/** Throws InvalidArgument for an ARN of another form and ResourceNotFound. */
export function findResource({ catalog }: Pick<EngineParts, 'catalog'>, arn: string): Resource {
  const parts = parseResourceArn(arn);
  if (!parts) throw invalidArgument(`Invalid ResourceARN: ${arn}`);
  const { kind, account } = parts;
  if (kind === 'channel') throw resourceNotFound(arn, account);
  const stream = catalog.byName(parts);
  if (!stream) throw streamNotFound(parts);
  if (kind === 'stream') return streamResource(stream);
  const consumer = registeredAs(stream, parts.consumer);
  if (!consumer) throw consumerNotFound(arn, account);
  return consumerResource({ stream, consumer });
}

/** The policy of what an ARN names, as it was put; undefined where there is none. */
export function policyOf({ catalog }: Pick<EngineParts, 'catalog'>, arn: string) {
  const parts = parseResourceArn(arn);
  const stream = parts && parts.kind !== 'channel' ? catalog.byName(parts) : undefined;
  if (!stream || parts?.kind === 'stream') return stream?.policy || undefined;
  return registeredAs(stream, parts?.consumer)?.policy || undefined;
}

/** `NAME:CREATED`, as the end of an ARN. */
const registeredAs = (stream: StreamEntry, text: string | undefined): ConsumerEntry | undefined =>
  consumersOf(stream).find(({ name, createdSeconds }) => `${name}:${createdSeconds}` === text);

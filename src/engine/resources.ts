/**
 * What a ResourceARN names: things that have tags and a policy. Streams for now; consumers and channels join
 * in `findResource`, and every operation on tags and policies has them then.
 */
import { parseResourceArn } from '../kinesis/arn.ts';
import {
  invalidArgument,
  resourceNotFound,
  type StreamId,
  streamNotActive,
  streamNotFound,
} from '../kinesis/errors.ts';
import type { EngineParts } from './engineParts.ts';
import type { CatalogChange, StreamEntry } from './streamEntry.ts';

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

/** Throws InvalidArgument for an ARN of another form and ResourceNotFound. */
export function findResource({ catalog }: Pick<EngineParts, 'catalog'>, arn: string): Resource {
  const parts = parseResourceArn(arn);
  if (!parts) throw invalidArgument(`Invalid ResourceARN: ${arn}`);
  if (parts.kind === 'channel') throw resourceNotFound(arn, parts.account);
  const stream = catalog.byName(parts);
  if (!stream) throw streamNotFound(parts);
  if (parts.kind === 'consumer') throw resourceNotFound(arn, parts.account);
  return streamResource(stream);
}

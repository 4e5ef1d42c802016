/**
 * Records that were put without a partition key, which a stream with distribution AUTO takes: their member is
 * absent in an answer. The writers of packed records leave it out; pages and events of objects with such a record,
 * which are few, are written the general way, by their shape.
 */
import { getRecords } from '../kinesis/operations/getRecords.ts';
import type { OperationName, OutputOf } from '../kinesis/operations.ts';
import { packedOf } from '../kinesis/packedOutput.ts';
import type { Shape } from '../kinesis/shape.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import {
  type SubscribeToShardEvent,
  subscribeToShardEvent,
} from '../kinesis/subscribeToShardEvent.ts';
import type { Codec } from './codec.ts';

type EncoderOf = (shape: Shape) => (value: never) => string;
type Encode = (value: object) => string;
type Take = (bytes: number) => Buffer;

/** `codec`, and its general way. */
export function withKeylessRecords(codec: Codec, encoderOf: EncoderOf): Codec {
  const encodePage = onceMade(() => encoderOf(getRecords.output) as Encode);
  const encodeEvent = onceMade(() => encoderOf(subscribeToShardEvent) as Encode);
  return {
    ...codec,
    encodeOutput<N extends OperationName>(name: N, of: { output: OutputOf<N>; take: Take }) {
      if (name !== 'GetRecords') return codec.encodeOutput(name, of);
      const output = of.output as OutputOf<'GetRecords'>;
      return hasKeyless(output)
        ? encodePage()(withoutEmptyKeys(output))
        : codec.encodeOutput(name, of);
    },
    encodeEvent(event: SubscribeToShardEvent, take: Take) {
      if (!hasKeyless(event)) return codec.encodeEvent(event, take);
      const text = encodeEvent()(withoutEmptyKeys(event));
      const encoding = codec.isBinary ? 'latin1' : 'utf8';
      const length = Buffer.byteLength(text, encoding);
      const buffer = take(length);
      buffer.write(text, encoding);
      return buffer.subarray(0, length);
    },
  };
}

interface Page {
  readonly Records: readonly KinesisRecord[];
}

/** Who writes packed records sees to it. */
const hasKeyless = (page: Page): boolean =>
  packedOf(page) === undefined && page.Records.some(({ PartitionKey }) => !PartitionKey);

const withoutEmptyKeys = (page: Page): object => ({
  ...page,
  Records: page.Records.map(({ PartitionKey, ...rest }) => {
    return PartitionKey ? { PartitionKey, ...rest } : rest;
  }),
});

function onceMade<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

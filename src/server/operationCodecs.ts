/** What the codecs share: how they come to each operation's, and which texts they need not look through. */
import { type OperationName, operations } from '../kinesis/operations.ts';
import type { Shape, StringShape } from '../kinesis/shape.ts';
import { hashKey, sequenceNumber, shardId } from '../kinesis/shapes.ts';

/** Turns what stands in a body into a shape's values, and a shape's values into a text. */
interface Coding<Decoder> {
  decoderOf(shape: Shape): Decoder;
  encoderOf(shape: Shape): (value: never) => string;
}

/** One operation's. */
interface OperationCodec<Decoder> {
  readonly decode: Decoder;
  readonly encode: (value: unknown) => string;
}

/** The codec of each operation, built when first used: a start should not pay for operations nobody calls. */
export function operationCodecs<Decoder>(
  coding: Coding<Decoder>,
): (name: OperationName) => OperationCodec<Decoder> {
  const codecs = new Map<OperationName, OperationCodec<Decoder>>();
  return (name) => {
    const known = codecs.get(name);
    if (known) return known;
    const { input, output, emptyAnswer } = operations[name];
    const codec: OperationCodec<Decoder> = {
      decode: coding.decoderOf(input),
      encode: emptyAnswer ? () => '' : (coding.encoderOf(output) as (value: unknown) => string),
    };
    codecs.set(name, codec);
    return codec;
  };
}

const plainPatterns: ReadonlySet<string | undefined> = new Set(
  [shardId, sequenceNumber, hashKey].map(({ pattern }) => pattern),
);

/** Whether what satisfies the shape is ASCII without a character that JSON escapes. */
export const isPlain = ({ pattern }: StringShape): boolean =>
  pattern !== undefined && plainPatterns.has(pattern);

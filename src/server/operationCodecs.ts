/** What the codecs share: how they come to each operation's, and which texts they need not look through. */
import type { GetRecordsOutput } from '../kinesis/operations/getRecords.ts';
import {
  type InputOf,
  type OperationName,
  type OutputOf,
  operations,
} from '../kinesis/operations.ts';
import type { PackedPutRecord, PackedPutRecords } from '../kinesis/packedInputs.ts';
import { PlacedRecords } from '../kinesis/placedRecords.ts';
import type { Shape, StringShape } from '../kinesis/shape.ts';
import { hashKey, sequenceNumber, shardId } from '../kinesis/shapes.ts';
import type { BufferLoan } from './bufferPool.ts';
import type { Codec } from './codec.ts';

/** One encoding: what stands in a body as a shape's values, and a shape's values as a text. */
export interface Coding<Opened> {
  /** What is in a body. Throws a SerializationException without text unless that is an object or a list. */
  open(body: Buffer): Opened;
  decoderOf(shape: Shape): (opened: Opened) => unknown;
  encoderOf(shape: Shape): (value: never) => string;
  /** The short ways of what is many or long; undefined: a put that is left to the general way. */
  readPutBody(
    operation: 'PutRecord' | 'PutRecords',
    from: { body: Buffer; loan: BufferLoan },
  ): PackedPutRecord | PackedPutRecords | undefined;
  placesText(output: PlacedRecords, take: Take): string | Buffer;
  pageBytes(output: GetRecordsOutput, take: Take): Buffer;
}

type Take = (bytes: number) => Buffer;

interface OperationCodec<Opened> {
  readonly decode: (opened: Opened) => unknown;
  readonly encode: (value: unknown) => string;
}

/** How an encoding comes to each operation's input and from its output. */
export function operationCodecs<Opened>(
  coding: Coding<Opened>,
): Pick<Codec, 'decodeInput' | 'encodeOutput'> {
  const codecOf = codecsOf(coding);
  return {
    decodeInput<N extends OperationName>(name: N, from: { body: Buffer; loan: BufferLoan }) {
      if (name === 'PutRecord' || name === 'PutRecords') {
        const input = coding.readPutBody(name, from);
        if (input) return input as unknown as InputOf<N>;
      }
      return codecOf(name).decode(coding.open(from.body)) as InputOf<N>;
    },
    encodeOutput<N extends OperationName>(
      name: N,
      { output, take }: { output: OutputOf<N>; take: Take },
    ) {
      if (output instanceof PlacedRecords) return coding.placesText(output, take);
      if (name === 'GetRecords') return coding.pageBytes(output as GetRecordsOutput, take);
      return codecOf(name).encode(output);
    },
  };
}

/** The codec of each operation, built when first used: a start should not pay for operations nobody calls. */
function codecsOf<Opened>(coding: Coding<Opened>): (name: OperationName) => OperationCodec<Opened> {
  const codecs = new Map<OperationName, OperationCodec<Opened>>();
  return (name) => {
    const known = codecs.get(name);
    if (known) return known;
    const { input, output, emptyAnswer } = operations[name];
    const codec: OperationCodec<Opened> = {
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

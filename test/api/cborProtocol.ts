/**
 * Kinesis' CBOR protocol for the AWS SDK for JavaScript, which speaks only JSON to Kinesis by itself. All is
 * the SDK's own, its schemas included: an oracle that is independent of our codec. Only timestamps differ
 * from Smithy's CBOR: Kinesis has whole milliseconds in tag 1, Smithy seconds as a float.
 */
import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import { CborCodec, CborShapeDeserializer, CborShapeSerializer, tag } from '@smithy/core/cbor';
import { NormalizedSchema } from '@smithy/core/schema';

class Serializer extends CborShapeSerializer {
  override serialize(schema: never, source: unknown): unknown {
    if (source instanceof Date) return tag({ tag: 1, value: source.getTime() });
    return super.serialize(schema, source);
  }
}

class Deserializer extends CborShapeDeserializer {
  override readValue(schema: never, value: unknown): unknown {
    if (!NormalizedSchema.of(schema).isTimestampSchema())
      return super.readValue(schema, value as never);
    const { tag: number, value: ms } = value as { tag: number; value: number };
    if (number !== 1 || !Number.isInteger(ms)) throw new Error(`${number}(${ms}) is no timestamp`);
    return new Date(ms);
  }
  /** By this name the protocol reads what it has parsed already. */
  readObject(schema: never, value: unknown): unknown {
    return this.readValue(schema, value);
  }
}

class Codec extends CborCodec {
  override createSerializer(): never {
    return new Serializer() as never;
  }
  override createDeserializer(): never {
    return new Deserializer() as never;
  }
}

type Options = ConstructorParameters<typeof AwsJson1_1Protocol>[0];
type Serialize = AwsJson1_1Protocol['serializeRequest'];

export class KinesisCborProtocol extends AwsJson1_1Protocol {
  constructor(options: Options) {
    super({ ...options, jsonCodec: new Codec() as never });
  }

  override async serializeRequest(...given: Parameters<Serialize>): ReturnType<Serialize> {
    const request = await super.serializeRequest(...given);
    request.headers['content-type'] = this.getDefaultContentType();
    return request;
  }

  override getDefaultContentType(): string {
    return 'application/x-amz-cbor-1.1';
  }
}

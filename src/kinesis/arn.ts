/** Stream ARNs. */

export interface StreamArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME` */
export function formatStreamArn({ partition, region, account, name }: StreamArn): string {
  return `arn:${partition}:kinesis:${region}:${account}:stream/${name}`;
}

/** The parts of a stream ARN, or undefined when `text` is none. */
export function parseStreamArn(text: string): StreamArn | undefined {
  const match = /^arn:(aws[^:]*):kinesis:([^:]*):(\d{12}):stream\/([^/\s]+)$/.exec(text);
  if (!match) return undefined;
  return { partition: match[1]!, region: match[2]!, account: match[3]!, name: match[4]! };
}

export interface ConsumerArn {
  readonly stream: StreamArn;
  readonly consumer: string;
  /** Epoch seconds. */
  readonly createdSeconds: number;
}

/** `STREAM_ARN/consumer/NAME:CREATED` */
export function formatConsumerArn({ stream, consumer, createdSeconds }: ConsumerArn): string {
  return `${formatStreamArn(stream)}/consumer/${consumer}:${createdSeconds}`;
}

/** The parts of a consumer's ARN, or undefined when `text` is none. */
export function parseConsumerArn(text: string): ConsumerArn | undefined {
  const match = /^(.+)\/consumer\/([a-zA-Z0-9_.-]+):(\d+)$/.exec(text);
  const stream = match ? parseStreamArn(match[1]!) : undefined;
  if (!match || !stream) return undefined;
  return { stream, consumer: match[2]!, createdSeconds: Number(match[3]) };
}

const partitions: Readonly<Record<string, string>> = {
  'cn-': 'aws-cn',
  'eu-isoe-': 'aws-iso-e',
  'eusc-': 'aws-eusc',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'us-isof-': 'aws-iso-f',
};

/** The partition of a region by how its name begins, else `aws`. @source documented */
export function partitionOf(region: string): string {
  const start = Object.keys(partitions).find((prefix) => region.startsWith(prefix));
  return start === undefined ? 'aws' : partitions[start]!;
}

/** What a ResourceARN may name; `consumer` is its name and creation second. */
export interface ResourceArn extends StreamArn {
  readonly kind: 'stream' | 'consumer' | 'channel';
  /** `NAME:EPOCH` */
  readonly consumer?: string | undefined;
}

const resourceArn =
  /^arn:(aws[^:]*):kinesis:([^:]*):(\d{12}):(stream|channel)\/([^/\s]+)(?:\/consumer\/(\S+))?$/;

/** The parts of an ARN of a stream, a consumer or a channel, or undefined when `text` is none. */
export function parseResourceArn(text: string): ResourceArn | undefined {
  const match = resourceArn.exec(text);
  if (!match) return undefined;
  const [, partition, region, account, type, name, consumer] = match;
  if (type === 'channel' && consumer !== undefined) return undefined;
  const kind = type === 'channel' ? 'channel' : consumer === undefined ? 'stream' : 'consumer';
  return { kind, partition: partition!, region: region!, account: account!, name: name!, consumer };
}

/** The name of the stream that an ARN is of, or whose consumer's it is; undefined for all others. */
export function streamNameInArn(text: string): string | undefined {
  const parts = parseResourceArn(text);
  return parts && parts.kind !== 'channel' ? parts.name : undefined;
}

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

/** The partition of a region: `aws-cn` for cn-*, `aws-us-gov` for us-gov-*, else `aws`. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

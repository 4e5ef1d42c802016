/** Which permissions a call needs: its actions, and the ARN of everything that its input names. */
import { formatStreamArn, partitionOf } from '../../kinesis/arn.ts';

/** What permissions are asked of the engine about. */
export interface TokenStreams {
  /**
   * The ARN of the stream that an iterator or a page of ListShards goes on in, for a caller of that
   * region; undefined for a token that is none of ours.
   */
  streamArnIn(token: string, region: string | undefined): string | undefined;
  /** The ARN of that stream's consumer of that name; undefined when it has none. */
  consumerArnIn(streamArn: string, name: string): string | undefined;
}

/** How inputs name what they are for; each is looked at, whichever the operation goes by. */
interface Naming {
  readonly StreamName?: unknown;
  readonly StreamARN?: unknown;
  readonly ConsumerName?: unknown;
  readonly ConsumerARN?: unknown;
  readonly ResourceARN?: unknown;
  readonly ChannelARN?: unknown;
  readonly ShardIterator?: unknown;
  readonly NextToken?: unknown;
  readonly Tags?: unknown;
}

interface Asking {
  readonly account: string;
  readonly region: string;
  readonly tokens: TokenStreams | undefined;
}

/** Actions on a consumer that may be named by its stream and its name. @source documented */
const consumerOperations = new Set(['DescribeStreamConsumer', 'DeregisterStreamConsumer']);

/** What a call with tags needs besides. @source documented */
const taggingActions: Readonly<Record<string, string>> = {
  CreateStream: 'AddTagsToStream',
  RegisterStreamConsumer: 'TagResource',
};

/** `kinesis:CreateStream`, … */
export function actionsOf(operation: string, { Tags: tags }: Naming): string[] {
  const tagging = Object.hasOwn(taggingActions, operation) ? taggingActions[operation] : undefined;
  const isTagging = tagging !== undefined && Object.keys(Object(tags)).length > 0;
  return [operation, ...(isTagging ? [tagging] : [])].map((name) => `kinesis:${name}`);
}

/** `*` when the call names nothing: it is for the whole account. */
export function resourcesOf(
  operation: string,
  { input, asking }: { input: Naming; asking: Asking },
): string[] {
  const { account, region, tokens } = asking;
  const texts = (...values: unknown[]) =>
    values.filter((value): value is string => typeof value === 'string');
  const named = texts(input.StreamName).map((name) =>
    formatStreamArn({ partition: partitionOf(region), region, account, name }),
  );
  const streams = [...named, ...texts(input.StreamARN).map(plainArn)];
  const others = texts(input.ConsumerARN, input.ResourceARN, input.ChannelARN).map(plainArn);
  const continued = texts(input.ShardIterator, input.NextToken).map((token) =>
    tokens?.streamArnIn(token, region),
  );
  const [consumer] = consumerOperations.has(operation) ? texts(input.ConsumerName) : [];
  const owned = streams.map((arn) =>
    consumer === undefined
      ? arn
      : (tokens?.consumerArnIn(arn, consumer) ?? `${arn}/consumer/${consumer}:*`),
  );
  const all = new Set([...owned, ...others, ...texts(...continued)]);
  return all.size === 0 ? ['*'] : [...all];
}

/**
 * With the partition that belongs to the region: the engine does not look at it, so a policy must not be
 * passed by another spelling.
 */
function plainArn(arn: string): string {
  return arn.replace(/^arn:[^:]*:kinesis:([^:]*):/, (_, region: string) => {
    return `arn:${partitionOf(region)}:kinesis:${region}:`;
  });
}

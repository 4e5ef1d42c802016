// Each constraint of each member of each operation, broken once in JSON and once in CBOR: AWS's sentence about it.
// Which members there are is the SDK's, what holds of them AWS's model.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callIn, rawCodecs } from './rawCodecs.ts';
import { operationNames, type SdkMember, sdkMembers } from './sdkMembers.ts';
import { openTarget, type Target } from './targets.ts';

/** A value that breaks a constraint, what of it AWS prints, and the rule. */
type Broken = readonly [value: unknown, printed: string, rule: string];

const longer = (max: number, letter = 'a'): Broken => {
  const value = letter.repeat(max + 1);
  return [value, value, `Member must have length less than or equal to ${max}`];
};
const empty: Broken = ['', '', 'Member must have length greater than or equal to 1'];
const odd = (pattern: string, value = 'ä'): Broken => [
  value,
  value,
  `Member must satisfy regular expression pattern: ${pattern}`,
];
const less = (min: number): Broken => [
  min - 1,
  `${min - 1}`,
  `Member must have value greater than or equal to ${min}`,
];
const more = (max: number): Broken => [
  max + 1,
  `${max + 1}`,
  `Member must have value less than or equal to ${max}`,
];
/** In AWS's order where that is known, which is for iterators only. */
const enumeration = (...values: string[]): Broken => [
  'ODD',
  'ODD',
  `Member must satisfy enum value set: [${values.join(', ')}]`,
];
const missing: Broken = [undefined, '', 'Member must not be null'];

const name = [odd('[a-zA-Z0-9_.-]+', 'a b'), longer(128), empty];
const sequenceNumber = [odd('0|([1-9]\\d{0,128})', '01'), odd('0|([1-9]\\d{0,128})', '-1')];
const hashKey = [odd('0|([1-9]\\d{0,38})', '9'.repeat(40))];
const token = [empty];
const page = [less(1), more(10_000)];
const metrics = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
  'ALL',
];
const keyRule =
  '[Member must have length less than or equal to 128, ' +
  'Member must have length greater than or equal to 1]';
const valueRule =
  '[Member must have length less than or equal to 256, ' +
  'Member must have length greater than or equal to 0]';
const [longKey, longValue] = ['k'.repeat(129), 'v'.repeat(257)];
const iteratorType = enumeration(
  'AFTER_SEQUENCE_NUMBER',
  'LATEST',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
);
const filterType = enumeration(
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
);

const tooManyTags = Object.fromEntries(
  Array.from({ length: 201 }, (_, at): [string, string] => [`${at}`, 'a']),
);
/** JavaScript lists such names by their numbers, whatever order they came in. */
const printedTags = Object.keys(tooManyTags).map((key) => `${key}=a`);
const keys = (count: number) => Array.from({ length: count }, (_, at) => `k${at}`);

/** By a member's name, or by a structure's and a member's. */
const constraints: Readonly<Record<string, readonly Broken[]>> = {
  StreamName: name,
  ConsumerName: name,
  ShardId: name,
  ShardToSplit: name,
  ShardToMerge: name,
  AdjacentShardToMerge: name,
  ExclusiveStartShardId: name,
  ExclusiveStartStreamName: name,
  StreamARN: [odd('arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+', 'arn:a'), longer(2048), empty],
  ConsumerARN: [
    odd(
      '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
      'arn:a',
    ),
    longer(2048),
    empty,
  ],
  ResourceARN: [
    odd('arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel)/\\S+', 'arn:a'),
    longer(2048),
    empty,
  ],
  StreamId: [odd('[a-z0-9]{20}-[a-z0-9]{3}', 'A'.repeat(24)), longer(24)],
  SequenceNumberForOrdering: sequenceNumber,
  StartingSequenceNumber: sequenceNumber,
  SequenceNumber: sequenceNumber,
  ExplicitHashKey: hashKey,
  NewStartingHashKey: hashKey,
  PartitionKey: [longer(256, 'é'), empty],
  ShardIterator: [longer(512), empty],
  NextToken: token,
  Limit: page,
  MaxResults: page,
  'ListTagsForStream.Limit': [less(1), more(50)],
  ShardCount: [less(1), more(100_000)],
  TargetShardCount: [less(1), more(100_000)],
  RetentionPeriodHours: [],
  ExclusiveStartTagKey: [longer(128), empty],
  Tags: [
    [{}, '{}', 'Member must have length greater than or equal to 1'],
    [
      tooManyTags,
      `{${printedTags.join(', ')}}`,
      'Member must have length less than or equal to 200',
    ],
    [{ [longKey]: '' }, `{${longKey}=}`, `Map keys must satisfy constraint: ${keyRule}`],
    [{ '': 'a' }, '{=a}', `Map keys must satisfy constraint: ${keyRule}`],
    [{ a: longValue }, `{a=${longValue}}`, `Map value must satisfy constraint: ${valueRule}`],
  ],
  TagKeys: [
    [[], '[]', 'Member must have length greater than or equal to 1'],
    [keys(51), `[${keys(51).join(', ')}]`, 'Member must have length less than or equal to 50'],
    [[longKey], `[${longKey}]`, `Member must satisfy constraint: ${keyRule}`],
  ],
  ShardLevelMetrics: [
    [[], '[]', 'Member must have length greater than or equal to 1'],
    [metrics, `[${metrics.join(', ')}]`, 'Member must have length less than or equal to 7'],
    [
      ['Odd'],
      '[Odd]',
      `Member must satisfy constraint: [Member must satisfy enum value set: [${metrics.join(', ')}]]`,
    ],
  ],
  Records: [[[], '[]', 'Member must have length greater than or equal to 1']],
  KeyId: [longer(2048), empty],
  EncryptionType: [enumeration('NONE', 'KMS')],
  MaxRecordSizeInKiB: [less(1024), more(10_240)],
  WarmThroughputMiBps: [less(0)],
  RecordDistributionStrategy: [enumeration('AUTO', 'USER_PARTITION_KEY')],
  ScalingType: [enumeration('UNIFORM_SCALING')],
  StreamMode: [enumeration('PROVISIONED', 'ON_DEMAND')],
  ShardIteratorType: [iteratorType],
  'StartingPosition.Type': [iteratorType],
  'ShardFilter.Type': [filterType],
  'MinimumThroughputBillingCommitment.Status': [enumeration('ENABLED', 'DISABLED')],
  // Nothing is known to hold of these but their types.
  Data: [],
  Policy: [],
  Timestamp: [],
  StreamCreationTimestamp: [],
  DryRun: [],
  EnforceConsumerDeletion: [],
  StreamModeDetails: [],
  StartingPosition: [],
  ShardFilter: [],
  MinimumThroughputBillingCommitment: [],
};

interface Case {
  readonly input: object;
  readonly sentence: string;
}
interface Place {
  /** What the members are of: an operation's name or a member's. */
  readonly owner: string;
  /** `records.1.member.`; empty at the top. */
  readonly path: string;
  readonly wrap: (of: object) => object;
}

function casesOf(members: readonly SdkMember[], place: Place): Case[] {
  return members.flatMap((member) => {
    const { name: own, type, isRequired } = member;
    const path = place.path + own[0]!.toLowerCase() + own.slice(1);
    const known = constraints[`${place.owner}.${own}`] ?? constraints[own];
    if (!known) throw new Error(`no constraints are listed for ${own}`);
    const broken = isRequired ? [...known, missing] : known;
    const cases = broken.map(([value, printed, rule]) => {
      const shown = value === undefined ? 'null' : `'${printed}'`;
      const sentence = `Value ${shown} at '${path}' failed to satisfy constraint: ${rule}`;
      return { input: place.wrap(value === undefined ? {} : { [own]: value }), sentence };
    });
    const isList = type === 'List';
    const inner: Place = {
      owner: own,
      path: isList ? `${path}.1.member.` : `${path}.`,
      wrap: (of) => place.wrap({ [own]: isList ? [of] : of }),
    };
    return [...cases, ...casesOf(member.members, inner)];
  });
}

const ofOperation = (operation: (typeof operationNames)[number]): Case[] =>
  casesOf(sdkMembers(operation), { owner: operation, path: '', wrap: (of) => of });

const constrained = operationNames.filter((operation) => ofOperation(operation).length > 0);

describe.each(rawCodecs)('in $name', (codec) => {
  let target: Target;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ target, close } = await openTarget('constraints'));
  });
  afterAll(() => close());

  it.each(constrained)('%s', async (operation) => {
    for (const { input, sentence } of ofOperation(operation)) {
      const endpoint = target.backend.endpoint!;
      const answer = await callIn(codec, { endpoint, operation, input });
      const { __type, message } = codec.read(answer) as Record<string, string>;
      expect([answer.status, __type]).toEqual([400, 'ValidationException']);
      const [head, ...rest] = message!.split(' detected: ');
      const failures = rest.join(' detected: ').split('; ');
      expect(head).toBe(`${failures.length} validation error${failures.length > 1 ? 's' : ''}`);
      expect(failures).toContain(sentence);
    }
  });

  it('ten are listed of more', async () => {
    const Records = Array.from({ length: 12 }, () => ({ PartitionKey: '' }));
    const endpoint = target.backend.endpoint!;
    const answer = await callIn(codec, { endpoint, operation: 'PutRecords', input: { Records } });
    const { message } = codec.read(answer) as { message: string };
    expect(message).toMatch(/^10 validation errors detected: /);
    expect(message.split('; ')).toHaveLength(10);
  });
});

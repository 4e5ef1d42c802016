// Each member of each operation sent as every type that it is not: AWS's SerializationException, before anything
// else is looked at. The members are the SDK's, the sentences AWS's.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callIn, rawCodecs } from './rawCodecs.ts';
import { type MemberType, operationNames, type SdkMember, sdkMembers } from './sdkMembers.ts';
import { openTarget, type Target } from './targets.ts';

/** Stands for a number's class, which each encoding calls by another name. */
const number = 'NUMBER';
const notA = (javaClass: string, wanted: string) =>
  `class ${javaClass} can not be converted to ${wanted}`;
const noList = 'Start of list found where not expected';
const noStructure = 'Start of structure or map found where not expected.';

/** What a scalar is called that another one was sent for. */
const wanted: Partial<Record<MemberType, string>> = {
  String: 'an String',
  Integer: 'an Integer',
  Boolean: 'an Boolean',
  Timestamp: 'milliseconds since epoch',
  Blob: 'a Blob',
};
const expected: Partial<Record<MemberType, string>> = {
  List: 'Expected list or null',
  Map: 'Expected map or null',
  Structure: 'Expected null',
};

/** Values of other types, and what AWS says to them. A text may be a boolean or a blob in JSON. */
function wrongValues(type: MemberType): [value: unknown, sentence: string][] {
  const scalar = (javaClass: string) =>
    expected[type] ?? notA(javaClass, wanted[type] ?? 'unknown');
  const wrong: [unknown, string][] = [];
  if (type !== 'Boolean') wrong.push([true, scalar('java.lang.Boolean')]);
  if (!['String', 'Boolean', 'Blob'].includes(type)) wrong.push(['a', scalar('java.lang.String')]);
  if (type === 'Boolean') wrong.push(['23', "'23' can not be converted to an Boolean"]);
  if (!['Integer', 'Timestamp'].includes(type)) wrong.push([1, scalar(number)]);
  if (type !== 'List') wrong.push([[], noList]);
  if (!['Map', 'Structure'].includes(type)) wrong.push([{}, noStructure]);
  return wrong;
}

interface Case {
  readonly input: object;
  readonly sentence: string;
}

/** `wrap` puts a member's value where the member stands. */
function casesOf(members: readonly SdkMember[], wrap: (of: object) => object): Case[] {
  return members.flatMap(({ name, type, members: inner }) => {
    const own = wrongValues(type).map(([value, sentence]) => {
      return { input: wrap({ [name]: value }), sentence };
    });
    const around = (of: object) => wrap({ [name]: type === 'List' ? [of] : of });
    return [...own, ...casesOf(inner, around)];
  });
}

const withInput = operationNames.filter((operation) => sdkMembers(operation).length > 0);

describe.each(rawCodecs)('in $name', (codec) => {
  let target: Target;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ target, close } = await openTarget('types'));
  });
  afterAll(() => close());

  it.each(withInput)('%s', async (operation) => {
    for (const { input, sentence } of casesOf(sdkMembers(operation), (of) => of)) {
      const endpoint = target.backend.endpoint!;
      const answer = await callIn(codec, { endpoint, operation, input });
      const Message = sentence.replace(number, codec.numberClass);
      expect([input, answer.status, codec.read(answer)]).toEqual([
        input,
        400,
        { __type: 'SerializationException', Message },
      ]);
    }
  });
});

it('the SDK gives inputs to all operations but two', () => {
  expect(operationNames.filter((operation) => !withInput.includes(operation))).toEqual([
    'DescribeAccountSettings',
    'DescribeLimits',
  ]);
  expect(sdkMembers('PutRecords').find(({ name }) => name === 'Records')!.members).toHaveLength(3);
});

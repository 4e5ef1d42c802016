// What is copied of a record: the event a Lambda function gets, and what is said of parts and of what is hidden.
import { describe, expect, test } from 'vitest';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord, RecordRow } from '../../src/protocol/tail.ts';
import { copyChoices } from '../../webview/details/copyChoices.ts';
import { copyRecord } from '../../webview/details/copyRecord.ts';
import { lambdaEvent } from '../../webview/details/lambdaEvent.ts';

const sequenceNumber = '49680471723091059274005162501201421646625734457710087098';

function record(row: Partial<RecordRow> = {}, patch: Partial<FullRecord> = {}): FullRecord {
  const raw = new TextEncoder().encode('{"delay":84}');
  return {
    row: {
      kind: 'record',
      position: 7,
      id: 1,
      shardId: 'shardId-000000000005',
      partitionKey: 'ORD',
      sequenceNumber,
      arrivedMs: 1_545_084_650_987,
      size: raw.length,
      preview: '',
      isCut: false,
      format: 'json',
      matches: [],
      keyMatches: [],
      ...row,
    },
    startingHashKey: '0',
    endingHashKey: '1',
    hashKey: '0',
    decoded: '{\n  "delay": 84\n}',
    decodedIsCut: false,
    decodedMatches: [],
    steps: [],
    raw,
    ...patch,
  };
}

function subject(connection: Partial<PanelSubject['connection']> = {}): PanelSubject {
  return {
    stream: 'flights',
    connection: {
      id: 'aws:prod',
      kind: 'aws',
      label: 'prod',
      region: 'eu-west-1',
      account: '111122223333',
      place: '',
      writable: false,
      ...connection,
    },
    where: 'editor',
    timeZone: 'utc',
  };
}

test('lambdaEvent() is what a function gets for one record', () => {
  expect(JSON.parse(lambdaEvent(record(), subject()))).toEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'ORD',
          sequenceNumber,
          data: 'eyJkZWxheSI6ODR9',
          approximateArrivalTimestamp: 1_545_084_650.987,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `shardId-000000000005:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::111122223333:role/lambda-role',
        awsRegion: 'eu-west-1',
        eventSourceARN: 'arn:aws:kinesis:eu-west-1:111122223333:stream/flights',
      },
    ],
  });
});

test.each([
  ['cn-north-1', 'arn:aws-cn:kinesis:cn-north-1:111122223333:stream/flights'],
  ['us-gov-west-1', 'arn:aws-us-gov:kinesis:us-gov-west-1:111122223333:stream/flights'],
  ['us-iso-east-1', 'arn:aws-iso:kinesis:us-iso-east-1:111122223333:stream/flights'],
  ['us-isob-east-1', 'arn:aws-iso-b:kinesis:us-isob-east-1:111122223333:stream/flights'],
  ['eusc-de-east-1', 'arn:aws-eusc:kinesis:eusc-de-east-1:111122223333:stream/flights'],
])('lambdaEvent() names the partition of %s', (region, arn) => {
  expect(lambdaEvent(record(), subject({ region }))).toContain(`"eventSourceARN": "${arn}"`);
});

test('lambdaEvent() names the partition that an ARN has told before one that the region tells', () => {
  const told = subject({ region: 'xx-new-1', partition: 'aws-new' });
  expect(lambdaEvent(record(), told)).toContain('"arn:aws-new:kinesis:xx-new-1:111122223333:');
  expect(lambdaEvent(record(), told)).toContain('"arn:aws-new:iam::111122223333:');
});

const choice = (label: RegExp, of: FullRecord, by = subject()) =>
  copyChoices(of, by).find((each) => label.test(each.label))!;

test('what is not known of the event is said', () => {
  const unknown = subject({ account: undefined });
  expect(choice(/^Lambda/, record(), unknown).what).toBe(
    'the Lambda event: the account is not known yet',
  );
  expect(lambdaEvent(record(), unknown)).toContain(':000000000000:stream/flights');
});

test('of an aggregate its one record is copied, and the menu says so', () => {
  const within = record({ subSequenceNumber: 2 });
  const { label, what } = choice(/^Lambda/, within);
  expect(label).toBe('Lambda event of this user record');
  expect(what).toBe('the Lambda event: one record of an aggregate, which Lambda hands over whole');
  expect(choice(/JSON/, within).what).toBe('the user record, not its aggregate');
  expect(choice(/CLI/, within).label).toBe('AWS CLI command of this user record (bash, zsh)');
  expect(choice(/JSON/, record()).label).toBe('Record as JSON');
});

test('of a record whose explicit hash key nothing tells the command goes without it, and says so', () => {
  const untold = record({}, { hashKey: '', isHashKeyUntold: true });
  const words = 'the command, without the explicit hash key, which nothing tells';
  expect(choice(/CLI/, untold).what).toBe(words);
  expect(choice(/CLI/, record()).what).toBe('the command');
});

test('of what is masked only what is shown can be copied', () => {
  const masked = record({ isMasked: true }, { withheld: 'Why.', raw: new Uint8Array() });
  const objections = (of: FullRecord) =>
    copyChoices(of, subject()).map(({ objection }) => objection);
  const mask = 'A mask hides a part of this record';
  expect(objections(masked)).toEqual([undefined, mask, mask, mask, undefined]);
  expect(choice(/^Value/, masked).what).toBe('the value, with what is masked left out');
});

test('what a command line or the details cannot hold is not offered in part', () => {
  const long = (size: number, letter = 'x') =>
    record({ size }, { raw: new TextEncoder().encode(letter.repeat(size)) });
  const tooLong = 'The data is too long for a command line: copy the record as JSON';
  expect(choice(/CLI/, long(131_064)).objection).toBeUndefined();
  expect(choice(/CLI/, long(131_065)).objection).toBe(tooLong);
  // In Base64.
  expect(choice(/CLI/, long(98_298, '\0')).objection).toBeUndefined();
  expect(choice(/CLI/, long(98_301, '\0')).objection).toBe(tooLong);
  expect(choice(/JSON/, long(131_065)).objection).toBeUndefined();
  expect(choice(/^Value/, record({}, { decodedIsCut: true })).objection).toMatch(
    /^Only the beginning of this long value is here: open it in the editor/,
  );
});

describe('a record of which the beginning is here', () => {
  const data = Buffer.alloc(700_001, 'ab');
  const begin = record({ size: data.length }, { raw: data.subarray(0, 262_144) });
  const copied = async (label: RegExp, answer: () => FullRecord | undefined) => {
    const said: unknown[] = [];
    await copyRecord(
      {
        record: async (asked) => {
          said.push(asked);
          return answer();
        },
        copy: (text) => void said.push(text),
        refuse: (sentence) => void said.push(sentence),
      },
      { choice: choice(label, begin), record: begin },
    );
    return said;
  };

  test.each([/JSON/, /^Lambda/])('is copied whole: %s', async (label) => {
    const [asked, text] = await copied(label, () => ({ ...begin, raw: data }));
    expect(asked).toEqual({ position: 7, id: 1, isWhole: true });
    expect(text).toContain(data.toString('base64'));
  });

  test('is asked for where its bytes are copied only', async () => {
    await expect.poll(() => copied(/^Value/, () => undefined)).toEqual([begin.decoded]);
  });

  test.each<[string, () => FullRecord | undefined]>([
    ['the record is held here no longer', () => undefined],
    ['A mask hides a part of this record', () => ({ ...begin, raw: data, withheld: 'Why.' })],
    ['only its beginning was read', () => begin],
    [
      'The tail is not open',
      () => {
        throw new Error('The tail is not open.');
      },
    ],
  ])('is not copied in part: %s', async (why, answer) => {
    expect((await copied(/JSON/, answer)).slice(1)).toEqual([`Nothing was copied: ${why}.`]);
  });
});

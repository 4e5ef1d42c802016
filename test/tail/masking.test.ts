// What a mask hides is in nothing that a tab gives out, and a filter finds it all the same.
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { chainOf, rowBytesMax } from '../../src/decode/chain.ts';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import type { Decoder } from '../../src/decode/decoder.ts';
import { maskText } from '../../src/decode/mask.ts';
import type { FullRecord, RecordRow } from '../../src/protocol/tail.ts';
import { Masking, stuckWords, withheldWords } from '../../src/tail/masking.ts';
import { RecordDocuments } from '../../src/tail/recordDocuments.ts';
import type { TimeBox } from '../../src/tail/rowChooser.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { messageOf, sealed } from '../decode/support/aggregates.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream } from './support/fakeStream.ts';
import { openTail, recordsOf } from './support/openTail.ts';
import { printedIn } from './support/shownBytes.ts';

const utf8 = new TextEncoder();
const secret = 'ann@example.org';

/** A tab of a stream with these records, whose key is the secret too. */
async function masked(
  patterns: readonly string[],
  datas: readonly Uint8Array[],
  { box = timeBox, decoder = plainDecoder } = {},
) {
  const clock = new TestClock();
  const stream = new FakeStream({ clock, shards: 1 });
  const { session } = openTail({ stream, clock });
  onTestFinished(() => session.dispose());
  const masking = new Masking(box);
  masking.set(patterns);
  for (const [at, data] of datas.entries()) {
    session.ring.keepRecord({
      shardId: 'shardId-000000000000',
      partitionKey: secret,
      sequenceNumber: `4968047172309105927400516250120142164662573445771008${1000 + at}`,
      arrivedMs: 1000,
      orderMs: 1000 + at,
      data,
    });
  }
  const slots = datas.map((_, at) => at);
  const options = { tail: 2, decoder, timeBox, masking, tick: () => undefined };
  const tab = session.openTab(options);
  session.ring.show(slots);
  return { clock, tab, masking };
}

const openAll = (tab: Awaited<ReturnType<typeof masked>>['tab']): FullRecord[] =>
  recordsOf(tab).map(({ position, id }) => tab.record({ position, id })!);

/** Everything of it that goes to a screen or a clipboard, bytes as the text they are. */
const shownOf = (full: FullRecord): string =>
  JSON.stringify({ ...full, raw: Buffer.from(full.raw).toString('latin1') }) +
  printedIn(full.decoded);

const json = utf8.encode(JSON.stringify({ email: secret, id: 7 }));
const forms: [string, Uint8Array][] = [
  ['JSON', json],
  ['gzip', gzipSync(json)],
  ['text', utf8.encode(`sent to ${secret} at noon`)],
  ['bytes', Uint8Array.from([0, 1, 2, ...utf8.encode(secret), 0xff])],
];

describe('a masked record', () => {
  test.each(forms)(
    '%s shows nothing of what is hidden in row, details and document',
    async (_, data) => {
      const { tab, masking } = await masked(['/[a-z]+@[a-z.]+/'], [data]);
      const [row] = recordsOf(tab) as [RecordRow];
      expect(JSON.stringify(row) + printedIn(row.preview)).not.toContain('example');
      expect(row).toMatchObject({ partitionKey: maskText, isMasked: true });
      const [full] = openAll(tab) as [FullRecord];
      expect(shownOf(full)).not.toContain('example');
      expect(full).toMatchObject({ hashKey: '', withheld: withheldWords });
      expect(full.raw).toHaveLength(0);
      const documents = new RecordDocuments(masking);
      const { document } = documents.keep(tab.held(row)!, plainDecoder);
      expect(documents.text(document)).not.toContain('example');
      masking.set([]);
      expect(documents.text(document)).not.toContain(maskText);
      expect(openAll(tab)[0]).not.toHaveProperty('withheld');
    },
  );

  test('of bytes is withheld for what they are in UTF-8, too', async () => {
    const long = Uint8Array.from([0, ...utf8.encode(`${'x'.repeat(99)} Herr Müller`), 0xff]);
    const short = Uint8Array.from([0, ...utf8.encode('Müller'), 0xff]);
    const { tab } = await masked(['/Müller/'], [long, short]);
    for (const full of openAll(tab)) {
      expect(full).toMatchObject({ decoded: maskText, withheld: withheldWords });
    }
    expect(recordsOf(tab).map(({ preview }) => preview)).toEqual([maskText, maskText]);
  });

  test('of bytes is withheld for what they are in Latin-1 and in UTF-16, from any byte on', async () => {
    const text = `${'x'.repeat(99)} Herr Müller`;
    const utf16 = Buffer.from(text, 'utf16le');
    const forms = [Buffer.from(text, 'latin1'), utf16, Buffer.from(utf16).swap16()];
    const datas = forms.flatMap((form) => [form, Buffer.concat([Uint8Array.of(0xff), form])]);
    const { tab } = await masked(['/Müller/'], datas);
    for (const full of openAll(tab)) {
      expect(full).toMatchObject({ decoded: maskText, withheld: withheldWords });
    }
    expect(recordsOf(tab).map(({ preview }) => preview)).toEqual(datas.map(() => maskText));
  });

  test.each([
    ['as it stands in the record', '/"pin":"\\d+"/', '{"pin":"1234","a":1}'],
    ['as it stands in the record, over a line break', '/KEY-\\n\\w+/', '-KEY-\n1234\n-END-'],
    ['as it stands in the record, a whole line', '/^pin=.*$/m', 'a=1\npin=1234\nb=2'],
    ['as the details show it', '/"pin": "\\d+"/', '{"pin":"1234","a":1}'],
    ['as a row shows it', '/pin 1234/', 'the pin   1234 of'],
    ['as a row shows it, a space that is none', '/pin 1234/', '{"a":"pin\u00a01234"}'],
  ])('is hidden everywhere when an expression is written %s', async (_, pattern, text) => {
    const { tab, masking } = await masked([pattern], [utf8.encode(text)]);
    const [row] = recordsOf(tab) as [RecordRow];
    const [full] = openAll(tab) as [FullRecord];
    const documents = new RecordDocuments(masking);
    const { document } = documents.keep(tab.held(row)!, plainDecoder);
    for (const shown of [row.preview, full.decoded, documents.text(document)]) {
      expect(shown).toContain(maskText);
      expect(shown).not.toBe(maskText);
      expect(shown).not.toContain('1234');
    }
  });

  test('is hidden in its row when what is found ends far behind the row', async () => {
    const data = utf8.encode(`-BEGIN-${'x'.repeat(3000)}-END-`);
    const { tab } = await masked(['/-BEGIN-[^]*-END-/'], [data]);
    expect(recordsOf(tab)[0]?.preview).toBe(maskText);
  });

  test('has any number of stretches hidden', async () => {
    const { tab } = await masked(['/7/'], [utf8.encode(JSON.stringify(Array(300_000).fill(7)))]);
    expect(openAll(tab)[0]?.decoded).not.toContain('7');
  });

  test('in gzip has its bytes withheld for a name in its header', async () => {
    const packed = gzipSync('{"a":1}');
    packed[3] = 8; // a file name follows the header
    const name = utf8.encode('passport.json\0');
    const data = Buffer.concat([packed.subarray(0, 10), name, packed.subarray(10)]);
    const { tab } = await masked(['/passport/'], [data]);
    const [full] = openAll(tab) as [FullRecord];
    expect(full).toMatchObject({ decoded: '{\n  "a": 1\n}', withheld: withheldWords });
    expect(full.raw).toHaveLength(0);
  });

  test.each([
    ['PartitionKey', 0],
    ['PartitionKey', 1],
    ['/[a-z]+@[a-z.]+/', 0],
  ])('that holds an aggregate shows none of its keys: %s', async (pattern, broken) => {
    const aggregate = sealed(messageOf([{ partitionKey: secret, data: utf8.encode('{"a":1}') }]));
    aggregate[aggregate.length - 1]! ^= broken;
    const { tab } = await masked([pattern], [gzipSync(aggregate)]);
    const [full] = openAll(tab) as [FullRecord];
    expect(full).toMatchObject({ decoded: maskText, withheld: withheldWords });
    expect(recordsOf(tab)[0]?.preview).toBe(maskText);
  });

  test('does not tell its first bytes in why a decoder does not fit', async () => {
    const { tab } = await masked(['/[a-z]+@[a-z.]+/'], [utf8.encode(secret)]);
    const [full] = openAll(tab) as [FullRecord];
    expect(JSON.stringify(full.steps)).not.toMatch(/61 6e/);
    expect(full.steps.at(-1)).toMatchObject({ decoder: 'text', outcome: 'read' });
  });

  test('is found by a filter for what is hidden, without a mark that tells where', async () => {
    const { tab } = await masked(['email', 'PartitionKey'], [json, utf8.encode('{"id":8}')]);
    tab.filter({ text: 'ann' });
    expect(tab.tick().records.matching).toBe(2); // the key of both has it
    expect(recordsOf(tab).flatMap(({ matches }) => matches)).toEqual([]);
    tab.filter({ text: '$.email : ann' });
    const [row, ...others] = recordsOf(tab);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ preview: `{"email":"${maskText}","id":7}`, matches: [] });
  });

  test('of which nothing is hidden keeps its bytes and its hash key', async () => {
    const { tab } = await masked(['other'], [json]);
    const [full] = openAll(tab) as [FullRecord];
    expect([...full.raw]).toEqual([...json]);
    expect(full.hashKey).toMatch(/^\d+$/);
    expect(full).not.toHaveProperty('withheld');
    expect(full.row).not.toHaveProperty('isMasked');
  });

  test('is read for masks only while there are some', async () => {
    let read = 0;
    const source: Decoder['source'] = (data, characters) => {
      read++;
      return plainDecoder.source(data, characters);
    };
    const decoder: Decoder = { ...plainDecoder, source };
    const { tab, masking } = await masked([], [json], { decoder });
    const documents = new RecordDocuments(masking);
    const { document } = documents.keep(tab.held(recordsOf(tab)[0]!)!, decoder);
    const look = () => [recordsOf(tab), openAll(tab), documents.text(document)];
    look();
    expect(read).toBe(0);
    masking.set(['email']);
    look();
    expect(read).toBeGreaterThan(0);
  });

  test.each(['hex', 'text', 'base64'])(
    'is unpacked for a row that %s shows as far as rows are',
    async (pin) => {
      const decoder = chainOf({ pinned: [pin] });
      const long = gzipSync(JSON.stringify(['x'.repeat(1024 * 1024), { email: secret }]));
      const { text, automatic } = decoder.source(long, 4608);
      expect(text).toBeUndefined();
      expect(automatic!.isPart).toBe(true);
      expect(automatic!.text!.length).toBeLessThanOrEqual(rowBytesMax);
      const { tab } = await masked(['email'], [long, gzipSync('{"a":1}')], { decoder });
      expect(recordsOf(tab).map(({ preview }) => preview)).toEqual([
        maskText,
        expect.stringMatching(/^1f 8b/),
      ]);
      expect(decoder.source(new Uint8Array(200_000).fill(0xff), 4608)).not.toHaveProperty(
        'automatic',
      );
    },
  );

  test('that goes on behind what was looked through has its bytes withheld', async () => {
    const long = utf8.encode(JSON.stringify(['x'.repeat(3 * 1024 * 1024), { email: secret }]));
    const { tab } = await masked(['email'], [long]);
    const [full] = openAll(tab) as [FullRecord];
    expect(full).toMatchObject({ decodedIsCut: true, withheld: withheldWords });
    expect(full.decoded).toHaveLength(2 * 1024 * 1024);
  });

  test('has no half of a match at the end of its row', async () => {
    const data = utf8.encode(`${'x'.repeat(505)} 4111111111111111`);
    const { tab } = await masked(['/\\d{16}/'], [data]);
    expect(recordsOf(tab)[0]?.preview).toBe(`${'x'.repeat(505)} ${maskText}`);
  });
});

test('cells, fields and what a row came after show nothing of what is hidden', async () => {
  const datas = [9, 5].map((n) =>
    utf8.encode(JSON.stringify({ email: secret, n: 1000 + n, id: n })),
  );
  const { clock, tab, masking } = await masked(['email', '$.n', 'PartitionKey'], datas);
  const paths = ['$.email', '$.n', '$.id'];
  tab.columns.watchOrder('$.n');
  await clock.advance(10);
  const { first } = tab.tick().view;
  const shown = () =>
    JSON.stringify([
      tab.page({ from: first, count: 9, paths }),
      tab.columns.fields({ from: first, count: 9 }),
    ]);
  const rows = tab.page({ from: first, count: 9, paths }).rows as RecordRow[];
  expect(rows.map(({ cells }) => cells)).toEqual([
    [maskText, maskText, '9'],
    [maskText, maskText, '5'],
  ]);
  expect(rows.map(({ cellValues }) => cellValues)).toEqual([
    [null, null, 'word'],
    [null, null, 'word'],
  ]);
  expect(rows[1]?.brokenAfter).toBe(maskText);
  expect(shown()).not.toMatch(/ann@|1009|1005/);
  masking.set([]);
  expect(shown()).toMatch(/ann@.*1009/);
});

test('cells, fields and what a row came after are masked as they are shown: in one line, nothing escaped', async () => {
  const datas = ['b', 'a'].map((sign) =>
    utf8.encode(`{"t":"${sign} card  12\\u00334","u":"https:\\/\\/x","card 12\\u00334":1}`),
  );
  const { clock, tab } = await masked(['/card 1234/', '/https:\\/\\/x/'], datas);
  tab.columns.watchOrder('$.t');
  await clock.advance(10);
  const { first } = tab.tick().view;
  const rows = tab.page({ from: first, count: 9, paths: ['$.t', '$.u'] }).rows as RecordRow[];
  expect(rows[1]?.cells).toEqual([`a ${maskText}`, maskText]);
  expect(rows[1]?.cellValues).toEqual([null, null]);
  expect(rows[1]?.brokenAfter).toBe(`b ${maskText}`);
  const { fields } = tab.columns.fields({ from: first, count: 9 });
  const shown = fields.map(({ path, example }) => `${path} ${example}`);
  expect(shown).toEqual([`$.t b ${maskText}`, `$.u ${maskText}`, `$.${maskText} 1`]);
  expect(JSON.stringify([rows, fields])).not.toMatch(/1234|https/);
});

describe('an expression that takes too long', () => {
  const forever = '/(a+)+$/';
  const long = { partitionKey: '', preview: { text: `${'a'.repeat(40)}!`, format: 'text' } };

  test('is cut short, and what it did not look through is withheld', () => {
    const masking = new Masking(timeBox);
    masking.set([forever]);
    const [row] = masking.rows([long], 512);
    expect(row).toEqual({
      partitionKey: '',
      isKeyMasked: false,
      preview: { text: maskText, isMasked: true },
    });
    expect(masking.text('plain').text).toBe('plain');
  });

  test('is given up after three times: then all is withheld, with why', () => {
    let boxes = 0;
    const never: TimeBox = () => {
      boxes++;
      return false;
    };
    const masking = new Masking(never);
    masking.set([forever]);
    for (let round = 0; round < 5; round++) expect(masking.text('plain').text).toBe(maskText);
    expect(boxes).toBe(3);
    expect(masking.problem).toBe(stuckWords);
    masking.set(['email']);
    expect([masking.problem, masking.text('plain').text]).toEqual([undefined, 'plain']);
  });
});

test('of the cells of a page, some of which an expression takes too long for, few are waited for', async () => {
  let slow = 0;
  const counting: TimeBox = (task, ms) => {
    const isDone = timeBox(task, ms);
    if (!isDone) slow++;
    return isDone;
  };
  const datas = Array.from({ length: 60 }, (_, n) =>
    utf8.encode(JSON.stringify({ t: n % 2 === 0 ? 'b' : `${'a'.repeat(40)}!` })),
  );
  const { tab, masking } = await masked(['/(a+)+$/'], datas, { box: counting });
  tab.page({ from: tab.view.first, count: 200, paths: ['$.t'] });
  expect([slow, masking.problem]).toEqual([4, stuckWords]);
});

test('set() says which patterns cannot be read, and the others hold', () => {
  const masking = new Masking(timeBox);
  expect(masking.set(['/(/', 'email'])).toHaveLength(1);
  expect(masking.text('{"email":"x"}').text).toBe(`{"email":${maskText}}`);
});

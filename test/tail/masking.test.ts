// What a mask hides is in nothing that a tab gives out, and a filter finds it all the same.
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { maskText } from '../../src/decode/mask.ts';
import type { FullRecord, RecordRow } from '../../src/protocol/tail.ts';
import { Masking, printedIn, stuckWords, withheldWords } from '../../src/tail/masking.ts';
import { RecordDocuments } from '../../src/tail/recordDocuments.ts';
import type { TimeBox } from '../../src/tail/rowChooser.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream } from './support/fakeStream.ts';
import { openTail, recordsOf } from './support/openTail.ts';

const utf8 = new TextEncoder();
const secret = 'ann@example.org';

/** A tab of a stream with these records, whose key is the secret too. */
async function masked(patterns: readonly string[], datas: readonly Uint8Array[], box = timeBox) {
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
  const options = { tail: 2, decoder: plainDecoder, timeBox, masking, tick: () => undefined };
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
  const { tab, masking } = await masked(['/(a+)+$/'], datas, counting);
  tab.page({ from: tab.view.first, count: 200, paths: ['$.t'] });
  expect([slow, masking.problem]).toEqual([4, stuckWords]);
});

test('set() says which patterns cannot be read, and the others hold', () => {
  const masking = new Masking(timeBox);
  expect(masking.set(['/(/', 'email'])).toHaveLength(1);
  expect(masking.text('{"email":"x"}').text).toBe(`{"email":${maskText}}`);
});

// Whatever a record is, wherever it is shown, and however a mask names a secret in it: the secret is not to be seen.
import { gunzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainOf } from '../../src/decode/chain.ts';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { RecordRow } from '../../src/protocol/tail.ts';
import { parseQuery } from '../../src/query/query.ts';
import { FieldCells } from '../../src/tail/fieldCells.ts';
import { foundFields } from '../../src/tail/foundFields.ts';
import { JsonHeads } from '../../src/tail/jsonHeads.ts';
import { Masking } from '../../src/tail/masking.ts';
import { RecordDocuments } from '../../src/tail/recordDocuments.ts';
import type { TimeBox } from '../../src/tail/rowChooser.ts';
import { type HeldRecord, RowStore } from '../../src/tail/rowStore.ts';
import { fullRecord, tailRows } from '../../src/tail/rows.ts';
import { copyChoices } from '../../webview/details/copyChoices.ts';
import { valuesOf } from '../../webview/finding/shownValues.ts';
import { type SecretRecord, secretRecords } from './support/secretRecords.ts';
import { bytesIn } from './support/shownBytes.ts';

const subject = { stream: 's', connection: { kind: 'aws', region: 'us-east-1' } } as PanelSubject;
const paths = [
  '$.pin',
  '$.z',
  '$.padding',
  '$.user.pin',
  '$.user',
  '$.cards',
  '$.cards.pin',
  '$.more',
];
const runs = 300;

const untimed: TimeBox = (task) => {
  task();
  return true;
};

interface Rendering {
  readonly place: string;
  readonly content: string | Uint8Array;
}

/** All that a panel, an editor or the clipboard gets of the record. */
function renderings(record: SecretRecord, patterns: readonly string[]): Rendering[] {
  const { data, partitionKey, pinned, secrets } = record;
  const masking = new Masking(untimed);
  expect(masking.set(patterns)).toEqual([]);
  const decoder = chainOf({ pinned });
  const store = new RowStore(1e9);
  const place = { shardId: 'shardId-000000000000', arrivedMs: 0, orderMs: 0, sequenceNumber: '1' };
  const slot = store.addRecord({ ...place, partitionKey, data });
  const held = store.row(slot) as HeldRecord;
  const query = parseQuery(`"${secrets[0]!}" or "${secrets[0]!.slice(0, 3)}"`);
  const marksIn = (texts: readonly { text: string; where: 'value' | 'key' }[]) =>
    texts.map(({ text, where }) => query.spans(text, where));
  const look = { decoder, masking, marksIn };
  const [shown] = tailRows(0, { rows: [held], look }) as [RecordRow];
  const heads = new JsonHeads(store, decoder, masking);
  const row = { ...shown, paths, ...new FieldCells(heads, paths).of(slot) };
  const documents = new RecordDocuments(masking);
  const { document } = documents.keep(held, decoder);
  const full = fullRecord(shown, { record: held, shard: undefined, look });
  const whole = fullRecord(shown, { record: held, shard: undefined, look, isWhole: true });
  const copies = copyChoices(whole, subject).filter(({ objection }) => objection === undefined);
  return [
    { place: 'row', content: row.preview },
    { place: 'all of row', content: JSON.stringify(row) },
    { place: 'fields', content: JSON.stringify(foundFields(heads, [slot])) },
    {
      place: 'values',
      content: JSON.stringify([valuesOf(row), ...paths.map((column) => valuesOf(row, { column }))]),
    },
    { place: 'details', content: full.decoded },
    { place: 'all of details', content: JSON.stringify({ ...whole, raw: [] }) },
    { place: 'hex', content: full.raw },
    { place: 'all bytes', content: whole.raw },
    { place: 'document', content: documents.text(document)! },
    ...copies.map(({ label, text }) => ({ place: label, content: text(whole) })),
  ];
}

/** In whatever encoding, in hexadecimal, Base64 and packed bytes; half of a secret is told, too. */
function isTold({ content }: Rendering, ways: readonly Buffer[]): boolean {
  const bytes = Buffer.from(content);
  const inside = [bytes, ...unpacked(bytes)];
  if (typeof content === 'string') {
    inside.push(...base64In(content));
    if (content.includes('\\u')) inside.push(Buffer.from(unescaped(content)));
    if (/^[0-9a-f]{2}( [0-9a-f]{2}|[0-9a-f]{6} {2})/.test(content)) {
      inside.push(...unpacked(Buffer.from(bytesIn(content))));
    }
  }
  return inside.some((one) => ways.some((way) => one.includes(way)));
}

const unescaped = (text: string): string =>
  text.replace(/\\u(....)/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));

function waysToWrite(secrets: readonly string[]): Buffer[] {
  const parts = secrets.flatMap((secret) => [secret.slice(0, 5), secret.slice(-5)]);
  return [...new Set(parts)].flatMap((part) => {
    const utf16 = Buffer.from(part, 'utf16le');
    return [Buffer.from(part), Buffer.from(part, 'latin1'), utf16, Buffer.from(utf16).swap16()];
  });
}

const base64In = (text: string): Buffer[] =>
  [...text.matchAll(/[\w+/]{16,}={0,2}/g)].flatMap(([letters]) =>
    unpacked(Buffer.from(letters, 'base64')),
  );

/** Itself, and what is packed in it, in Base64 too. */
function unpacked(bytes: Buffer): Buffer[] {
  const run = bytes[0] === 0x1f ? gunzipSync : bytes[0] === 0x78 ? inflateSync : undefined;
  const isBase64 = /^H4sI[\w+/]+=*$/.test(bytes.subarray(0, 64).toString('latin1'));
  if (isBase64) return [bytes, ...unpacked(Buffer.from(bytes.toString(), 'base64'))];
  try {
    return run ? [bytes, ...unpacked(run(bytes))] : [bytes];
  } catch {
    return [bytes];
  }
}

function toldBy(record: SecretRecord, patterns: readonly string[]): string[] {
  const ways = waysToWrite(record.secrets);
  const told = renderings(record, patterns).filter((one) => isTold(one, ways));
  return told.map(({ place }) => place);
}

test('a secret that a mask names is in nothing that is shown or copied of any record', () => {
  let told = 0;
  fc.assert(
    fc.property(secretRecords, (record) => {
      if (toldBy(record, []).length > 0) told++;
      expect(toldBy(record, record.patterns)).toEqual([]);
    }),
    { numRuns: runs },
  );
  expect(told).toBeGreaterThan(0.9 * runs);
});

/** The data of a record: decoded, as stored, byte by byte, and how it was decoded. */
import { useMemo, useState } from 'preact/hooks';
import type { DecodeStep, FullRecord } from '../../src/protocol/tail.ts';
import { Tabs } from '../controls/Tabs.tsx';
import { JsonValues } from '../finding/JsonValues.tsx';
import { formatBytes } from '../format.ts';
import { isJsonFormat, type Piece, piecesOf } from '../grid/tokens.ts';
import { base64Of, hexOf, textOf } from './bytes.ts';
import { isRawCut } from './copyTexts.ts';
import { LongPlainText, LongText } from './LongText.tsx';
import { blocksOf, cutAt, piecesBehind } from './textBlocks.ts';

/** What lies behind is shown in one colour: it costs too much to look at each of its words. */
const colouredCharactersMax = 64 * 1024;

function blocksOfDecoded({ decoded, decodedMatches, row }: FullRecord): Piece[][] {
  const isJson = isJsonFormat(row.format);
  const matches = decodedMatches;
  const end = cutAt(decoded, colouredCharactersMax);
  const coloured = piecesOf(decoded.slice(0, end), { isJson, matches });
  const plain = piecesOf(decoded, { isJson: false, matches });
  return blocksOf(decoded, [...coloured, ...piecesBehind(plain, end)]);
}

function Decoded({ record }: { record: FullRecord }) {
  const blocks = useMemo(() => blocksOfDecoded(record), [record]);
  const text = <LongText blocks={blocks} />;
  return (
    <>
      {isJsonFormat(record.row.format) ? (
        <JsonValues record={record} pieceAt={(block, index) => blocks[block]?.[index]}>
          {text}
        </JsonValues>
      ) : (
        text
      )}
      {record.decodedIsCut && <p class="faint">The rest is too long to be shown.</p>}
    </>
  );
}

function RawIsCut({ record }: { record: FullRecord }) {
  if (!isRawCut(record)) return null;
  const { raw, row } = record;
  return (
    <p class="faint">
      The first {formatBytes(raw.length)} of {formatBytes(row.size)}.
    </p>
  );
}

/** Instead of bytes that would tell what a mask hides. */
function Withheld({ why }: { why: string }) {
  return <p class="faint">{why}</p>;
}

function Raw({ record }: { record: FullRecord }) {
  const text = useMemo(() => textOf(record.raw), [record]);
  if (record.withheld !== undefined) return <Withheld why={record.withheld} />;
  return (
    <>
      <RawIsCut record={record} />
      {text === undefined && <p class="faint">Not text; shown as Base64.</p>}
      <LongPlainText text={text ?? base64Of(record.raw)} />
    </>
  );
}

function Hex({ record }: { record: FullRecord }) {
  const text = useMemo(() => hexOf(record.raw), [record]);
  if (record.withheld !== undefined) return <Withheld why={record.withheld} />;
  return (
    <>
      <RawIsCut record={record} />
      <LongPlainText text={text} isWrapped={false} />
    </>
  );
}

const outcomes: Readonly<Record<DecodeStep['outcome'], string>> = {
  read: 'reads it',
  notThis: 'does not fit',
  broken: 'fails',
};

function Steps({ record }: { record: FullRecord }) {
  return (
    <ol class="steps">
      {record.steps.map(({ decoder, outcome, why }, index) => (
        <li key={`${index} ${decoder}`} class={outcome === 'read' ? undefined : 'faint'}>
          <span class="mono">{decoder}</span> {outcomes[outcome]}: {why}
        </li>
      ))}
    </ol>
  );
}

export function RecordTabs({ record }: { record: FullRecord }) {
  const [active, setActive] = useState('decoded');
  const key = record.row.sequenceNumber;
  const tabs = [
    { id: 'decoded', label: 'Decoded', content: () => <Decoded key={key} record={record} /> },
    { id: 'raw', label: 'Raw', content: () => <Raw key={key} record={record} /> },
    { id: 'hex', label: 'Hex', content: () => <Hex key={key} record={record} /> },
    { id: 'steps', label: 'Steps', content: () => <Steps record={record} /> },
  ];
  return <Tabs label="Data of the record" tabs={tabs} active={active} onChange={setActive} />;
}

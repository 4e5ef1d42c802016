/** What each column is: its name, and its cell of a record. Header and rows are drawn from this alone. */
import type { ComponentChildren } from 'preact';
import { shortSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { FixedColumn, GridColumns } from '../../src/protocol/columns.ts';
import {
  formatBothZones,
  formatBytes,
  formatCount,
  formatDayTime,
  formatTime,
  type TimeZone,
} from '../format.ts';
import { Pieces } from '../grid/Pieces.tsx';
import { piecesOf, valuePieces } from '../grid/tokens.ts';
import type { ShownRecord } from '../state/rowCache.ts';
import { visibleLine } from '../visibleText.ts';
import { fieldCellOf } from './fieldCell.ts';
import { fieldName, isField } from './layout.ts';

/** Of the whole grid: how its rows show times, and the field whose order is checked. */
export interface CellLook {
  readonly zone: TimeZone;
  readonly hasOtherDays: boolean;
  readonly columns: Pick<GridColumns, 'order'>;
}

export interface Cell {
  readonly content: ComponentChildren;
  readonly title?: string | undefined;
}

interface Column {
  readonly name: string;
  /** Of its header and its cells. */
  readonly className: string;
  cell(row: ShownRecord, look: CellLook): Cell;
}

function valueCell(row: ShownRecord): Cell {
  return {
    content: (
      <>
        <Pieces pieces={valuePieces(row)} />
        {row.isCut && '…'}
      </>
    ),
  };
}

const fixed: Readonly<Record<FixedColumn, Column>> = {
  arrived: {
    name: 'Arrived',
    className: 'mono',
    cell: ({ arrivedMs }, { zone, hasOtherDays }) => ({
      content: hasOtherDays ? formatDayTime(arrivedMs, zone) : formatTime(arrivedMs, zone),
      title: formatBothZones(arrivedMs, zone),
    }),
  },
  shard: {
    name: 'Shard',
    className: 'number',
    cell: ({ shardId }) => ({ content: shortShardId(shardId), title: shardId }),
  },
  key: {
    name: 'Key',
    className: 'mono',
    cell: ({ partitionKey, keyMatches: matches }) => ({
      content: <Pieces pieces={piecesOf(partitionKey, { isJson: false, matches })} />,
      title: visibleLine(partitionKey),
    }),
  },
  sequence: {
    name: 'Sequence',
    className: 'mono cell-sequence',
    cell: ({ sequenceNumber }) => ({
      content: shortSequenceNumber(sequenceNumber),
      title: sequenceNumber,
    }),
  },
  size: {
    name: 'Size',
    className: 'mono number cell-size',
    cell: ({ size }) => ({ content: formatBytes(size), title: `${formatCount(size)} bytes` }),
  },
  value: { name: 'Value', className: 'mono cell-value', cell: valueCell },
};

function fieldColumn(path: string): Column {
  return {
    name: fieldName(path),
    className: 'mono cell-field',
    cell: (row, look) => fieldCell(row, { path, isChecked: look.columns.order === path }),
  };
}

function fieldCell(
  row: ShownRecord,
  { path, isChecked }: { path: string; isChecked: boolean },
): Cell {
  const { cell: found } = fieldCellOf(row, path);
  if (found === null) {
    const title = `${visibleLine(path)}: not in the first 64 KiB of this record; more was not looked at`;
    return { content: <span class="faint">…</span>, title };
  }
  const text = visibleLine(found ?? '');
  const { brokenAfter } = row;
  if (!isChecked || brokenAfter === undefined) return { content: text, title: text };
  const after = visibleLine(brokenAfter);
  const key = visibleLine(row.partitionKey);
  const title = `Out of order: ${text} came after ${after} for the key ${key}`;
  return { content: <Broken text={text} after={after} />, title };
}

function Broken({ text, after }: { text: string; after: string }) {
  return (
    <>
      <span class="broken-sign" aria-hidden="true">
        ▼{' '}
      </span>
      <span class="hidden-word">Out of order: </span>
      {text}
      <span class="broken-after"> after {after}</span>
    </>
  );
}

/** The column of an id of `GridColumns`. */
export function columnOf(id: string): Column {
  return isField(id) ? fieldColumn(id) : fixed[id as FixedColumn];
}

/** One row of the grid: a record in its columns, something that happened as a sentence, or a gap not fetched yet. */

import { shortSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { EventRow, RecordRow, TailRow } from '../../src/protocol/tail.ts';
import { Part } from '../controls/Part.tsx';
import {
  formatBothZones,
  formatBytes,
  formatCount,
  formatDayTime,
  formatTime,
  type TimeZone,
} from '../format.ts';
import { visibleLine } from '../visibleText.ts';
import { Pieces } from './Pieces.tsx';
import { piecesOf, valuePieces } from './tokens.ts';

/** Of the whole grid: how its rows show times. */
export interface RowLook {
  readonly zone: TimeZone;
  readonly hasOtherDays: boolean;
}

export interface RowProps {
  readonly position: number;
  /** Place among all rows, the header being 1. */
  readonly index: number;
  /** Pixels from the top of the content. */
  readonly top: number;
  readonly row: TailRow | undefined;
  readonly isActive: boolean;
  readonly look: RowLook;
}

/** Words for a tone, so that it is not said by colour alone. */
const tones = {
  info: { sign: '◆', word: '' },
  warning: { sign: '▲', word: 'Warning: ' },
  error: { sign: '■', word: 'Error: ' },
} as const;

function RecordCells({ row, look }: { row: RecordRow; look: RowLook }) {
  const { zone, hasOtherDays } = look;
  const arrived = hasOtherDays
    ? formatDayTime(row.arrivedMs, zone)
    : formatTime(row.arrivedMs, zone);
  return (
    <>
      <Part
        role="gridcell"
        class="cell mono"
        data-column="arrived"
        title={formatBothZones(row.arrivedMs, zone)}
      >
        {arrived}
      </Part>
      <Part role="gridcell" class="cell number" data-column="shard" title={row.shardId}>
        {shortShardId(row.shardId)}
      </Part>
      <Part
        role="gridcell"
        class="cell mono"
        data-column="key"
        title={visibleLine(row.partitionKey)}
      >
        <Pieces pieces={piecesOf(row.partitionKey, { isJson: false, matches: row.keyMatches })} />
      </Part>
      <Part
        role="gridcell"
        class="cell mono cell-sequence"
        data-column="sequence"
        title={row.sequenceNumber}
      >
        {shortSequenceNumber(row.sequenceNumber)}
      </Part>
      <Part
        role="gridcell"
        class="cell mono number cell-size"
        data-column="size"
        title={`${formatCount(row.size)} bytes`}
      >
        {formatBytes(row.size)}
      </Part>
      <Part role="gridcell" class="cell mono cell-value" data-column="value">
        <Pieces pieces={valuePieces(row)} />
        {row.isCut && '…'}
      </Part>
    </>
  );
}

function EventCell({ row }: { row: EventRow }) {
  const { sign, word } = tones[row.tone];
  return (
    <Part role="gridcell" class="cell" data-column="event" aria-colspan={6} title={row.text}>
      <span class="event-sign" aria-hidden="true">
        {sign}
      </span>
      {word && <span class="hidden-word">{word}</span>}
      {row.text}
    </Part>
  );
}

function dataOf(row: TailRow | undefined): Record<string, string> {
  if (!row) return { 'aria-busy': 'true' };
  if (row.kind === 'event') return { 'data-event': row.tone };
  return { 'data-sequence-number': row.sequenceNumber, 'data-shard-id': row.shardId };
}

function classOf(row: TailRow | undefined): string {
  return row?.kind === 'event' ? `row event event-${row.tone}` : 'row';
}

export function Row({ position, index, top, row, isActive, look }: RowProps) {
  return (
    <Part
      role="row"
      class={classOf(row)}
      aria-rowindex={index}
      aria-selected={isActive}
      tabIndex={isActive ? 0 : -1}
      data-position={position}
      style={{ transform: `translateY(${top}px)` }}
      {...dataOf(row)}
    >
      {row?.kind === 'record' && <RecordCells row={row} look={look} />}
      {row?.kind === 'event' && <EventCell row={row} />}
      {!row && (
        <Part role="gridcell" class="cell faint" aria-colspan={6}>
          …
        </Part>
      )}
    </Part>
  );
}

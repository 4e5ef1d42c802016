/** One row of the grid: a record in its columns, something that happened as a sentence, or a gap not fetched yet. */

import { useMemo } from 'preact/hooks';
import type { GridColumns } from '../../src/protocol/columns.ts';
import type { EventRow } from '../../src/protocol/tail.ts';
import { type CellLook, columnOf } from '../columns/columnList.tsx';
import { Part } from '../controls/Part.tsx';
import type { ShownRecord, ShownRow } from '../state/rowCache.ts';

/** Of the whole grid: how its rows show times, and which columns they have. */
export interface RowLook extends CellLook {
  readonly columns: GridColumns;
}

export interface RowProps {
  readonly position: number;
  /** Place among all rows, the header being 1. */
  readonly index: number;
  /** Pixels from the top of the content. */
  readonly top: number;
  readonly row: ShownRow | undefined;
  readonly isActive: boolean;
  /** It is only seen: its position is that of another row by now. */
  readonly isBefore: boolean;
  readonly look: RowLook;
}

/** Words for a tone, so that it is not said by colour alone. */
const tones = {
  info: { sign: '◆', word: '' },
  warning: { sign: '▲', word: 'Warning: ' },
  error: { sign: '■', word: 'Error: ' },
} as const;

function RecordCells({ row, look }: { row: ShownRecord; look: RowLook }) {
  return (
    <>
      {look.columns.shown.map(({ id }, index) => {
        const column = columnOf(id);
        const { content, title } = column.cell(row, look);
        return (
          <Part
            key={id}
            role="gridcell"
            class={`cell ${column.className}`}
            aria-colindex={index + 1}
            data-column={id}
            title={title}
          >
            {content}
          </Part>
        );
      })}
    </>
  );
}

function EventCell({ row, columnCount }: { row: EventRow; columnCount: number }) {
  const { sign, word } = tones[row.tone];
  return (
    <Part
      role="gridcell"
      class="cell"
      data-column="event"
      aria-colspan={columnCount}
      title={row.text}
    >
      <span class="event-sign" aria-hidden="true">
        {sign}
      </span>
      {word && <span class="hidden-word">{word}</span>}
      {row.text}
    </Part>
  );
}

function dataOf(row: ShownRow | undefined): Record<string, string> {
  if (!row) return { 'aria-busy': 'true' };
  if (row.kind === 'event') return { 'data-event': row.tone };
  return { 'data-sequence-number': row.sequenceNumber, 'data-shard-id': row.shardId };
}

function classOf(row: ShownRow | undefined): string {
  return row?.kind === 'event' ? `row event event-${row.tone}` : 'row';
}

export function Row({ position, index, top, row, isActive, isBefore, look }: RowProps) {
  const columnCount = look.columns.shown.length;
  // Most ticks move rows, or add others, and leave what is in a row as it is.
  const cells = useMemo(
    () => row?.kind === 'record' && <RecordCells row={row} look={look} />,
    [row, look],
  );
  return (
    <Part
      role="row"
      class={classOf(row)}
      aria-rowindex={index}
      aria-selected={isActive}
      tabIndex={isActive ? 0 : -1}
      data-position={isBefore ? undefined : position}
      style={{ transform: `translateY(${top}px)` }}
      {...dataOf(row)}
    >
      {cells}
      {row?.kind === 'event' && <EventCell row={row} columnCount={columnCount} />}
      {!row && (
        <Part role="gridcell" class="cell faint" aria-colspan={columnCount}>
          …
        </Part>
      )}
    </Part>
  );
}

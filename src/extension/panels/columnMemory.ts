/** Remembers the columns of each stream over sessions, and reads columns that came from outside. */
import {
  fieldColumnsMax,
  fixedColumns,
  type GridColumn,
  type GridColumns,
  pathCharactersMax,
  widthMaxPx,
  widthMinPx,
} from '../../protocol/columns.ts';
import { pathSteps } from '../../query/path.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';

/** Those whose columns were changed last are remembered. */
export const streamsMax = 200;
const memoryKey = 'shardscope.columns';

/** As VS Code keeps it. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

interface Remembered {
  readonly key: string;
  readonly columns: unknown;
}

const keyOf = ({ connection, stream }: StreamPlace): string => JSON.stringify([connection, stream]);

export class ColumnMemory {
  private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /** Undefined of a stream whose columns were never changed, or were reset. */
  get(place: StreamPlace): GridColumns | undefined {
    const key = keyOf(place);
    return columnsOf(this.all().find((one) => one.key === key)?.columns);
  }

  set(place: StreamPlace, columns: GridColumns | undefined): void {
    const key = keyOf(place);
    const others = this.all().filter((one) => one.key !== key);
    const all = columns ? [...others, { key, columns }] : others;
    void this.memory.update(memoryKey, all.slice(-streamsMax));
  }

  private all(): readonly Remembered[] {
    const all = this.memory.get(memoryKey);
    return Array.isArray(all) ? all.filter((one) => typeof one?.key === 'string') : [];
  }
}

/** What can be shown of columns that a reload, an earlier version or a panel left; undefined of all else. */
export function columnsOf(value: unknown): GridColumns | undefined {
  const { shown, order } = (value ?? {}) as Partial<Record<keyof GridColumns, unknown>>;
  if (!Array.isArray(shown)) return undefined;
  const columns = new Map<string, GridColumn>();
  let fields = 0;
  for (const one of shown) {
    const column = columnOf(one);
    if (!column || columns.has(column.id)) continue;
    if (column.id.startsWith('$') && ++fields > fieldColumnsMax) continue;
    columns.set(column.id, column);
  }
  const all = [...(columns.has('arrived') ? [] : [{ id: 'arrived' }]), ...columns.values()];
  const isKnown = typeof order === 'string' && order.startsWith('$') && columns.has(order);
  return { shown: all, ...(isKnown ? { order } : {}) };
}

function columnOf(value: unknown): GridColumn | undefined {
  const { id, widthPx } = (value ?? {}) as Partial<Record<keyof GridColumn, unknown>>;
  if (typeof id !== 'string' || id.length > pathCharactersMax) return undefined;
  const isKnown = fixedColumns.some((fixed) => fixed === id) || pathSteps(id) !== undefined;
  if (!isKnown) return undefined;
  if (typeof widthPx !== 'number' || !Number.isFinite(widthPx)) return { id };
  return { id, widthPx: Math.min(Math.max(Math.round(widthPx), widthMinPx), widthMaxPx) };
}

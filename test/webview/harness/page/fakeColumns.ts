/** Cells, fields and the order check of the made-up tail, as plainly as they can be had. */
import type { FieldsFound, OrderState } from '../../../../src/protocol/columns.ts';
import type { RecordRow, TailRow } from '../../../../src/protocol/tail.ts';
import { pathSteps } from '../../../../src/query/path.ts';

function valueAt(row: RecordRow, path: string): unknown {
  let held: unknown = row.preview.startsWith('{') ? JSON.parse(row.preview) : undefined;
  for (const step of pathSteps(path) ?? []) held = (held as Record<string, unknown>)?.[step];
  return held;
}

function cellOf(row: RecordRow, path: string): string {
  const value = valueAt(row, path);
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Per row that is lower than one of its key before it: the highest one. */
function brokenIn(rows: readonly TailRow[], path: string): Map<number, string> {
  const highest = new Map<string, number>();
  const broken = new Map<number, string>();
  for (const row of rows) {
    if (row.kind === 'event') continue;
    const value = Number(valueAt(row, path));
    const top = highest.get(row.partitionKey) ?? Number.NEGATIVE_INFINITY;
    if (value < top) broken.set(row.position, String(top));
    else highest.set(row.partitionKey, value);
  }
  return broken;
}

export class FakeColumns {
  /** The field whose order is checked. */
  path: string | undefined;
  private revision = 0;

  watch(path: string | undefined): void {
    this.path = path;
    this.revision += 1;
  }

  dress(
    rows: readonly TailRow[],
    { paths, all }: { paths: readonly string[] | undefined; all: readonly TailRow[] },
  ): TailRow[] {
    const broken = brokenIn(all, this.path ?? '');
    return rows.map((row) => {
      if (row.kind === 'event') return row;
      const after = broken.get(row.position);
      return {
        ...row,
        ...(paths ? { cells: paths.map((path) => cellOf(row, path)) } : {}),
        ...(after === undefined ? {} : { brokenAfter: after }),
      };
    });
  }

  state(all: readonly TailRow[]): OrderState | undefined {
    if (!this.path) return undefined;
    const flagged = brokenIn(all, this.path).size;
    const rest = { waiting: 0, keys: 8, unwatched: 0, revision: this.revision };
    return { path: this.path, flagged, ...rest };
  }

  next({ from, step }: { from?: number | undefined; step: 1 | -1 }, all: readonly TailRow[]) {
    const positions = [...brokenIn(all, this.path ?? '').keys()];
    if (from === undefined) return positions.at(step > 0 ? 0 : -1);
    if (step > 0) return positions.find((position) => position > from);
    return positions.findLast((position) => position < from);
  }

  fields(rows: readonly TailRow[]): FieldsFound {
    const records = rows.filter((row) => row.kind === 'record');
    const found = new Map<string, { count: number; example: string }>();
    for (const row of records) {
      for (const name of Object.keys(JSON.parse(row.preview))) {
        const path = `$.${name}`;
        const known = found.get(path) ?? { count: 0, example: cellOf(row, path) };
        found.set(path, { ...known, count: known.count + 1 });
      }
    }
    const fields = [...found].map(([path, field]) => ({ path, ...field }));
    return { looked: records.length, json: records.length, fields, isCut: false };
  }
}

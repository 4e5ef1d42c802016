/** Cells, fields and the order check of the made-up tail, as plainly as they can be had. */
import type { FieldsFound, OrderState } from '../../../../src/protocol/columns.ts';
import type { RecordRow, TailRow } from '../../../../src/protocol/tail.ts';
import { pathSteps } from '../../../../src/query/path.ts';
import { FieldCells } from '../../../../src/tail/fieldCells.ts';
import type { JsonHeads } from '../../../../src/tail/jsonHeads.ts';

export class FakeColumns {
  /** The field whose order is checked. */
  path: string | undefined;
  private readonly dataAt: (id: number) => string;
  private revision = 0;

  /** `dataAt`: the data of the record with that id. */
  constructor(dataAt: (id: number) => string) {
    this.dataAt = dataAt;
  }

  watch(path: string | undefined): void {
    this.path = path;
    this.revision += 1;
  }

  dress(
    rows: readonly TailRow[],
    { paths, all }: { paths: readonly string[] | undefined; all: readonly TailRow[] },
  ): TailRow[] {
    const broken = this.broken(all);
    const cells = paths && new FieldCells(this.heads as JsonHeads, paths);
    return rows.map((row) => {
      if (row.kind === 'event') return row;
      const after = broken.get(row.position);
      return {
        ...row,
        ...cells?.of(row.id),
        ...(after === undefined ? {} : { brokenAfter: after }),
      };
    });
  }

  state(all: readonly TailRow[]): OrderState | undefined {
    if (!this.path) return undefined;
    const flagged = this.broken(all).size;
    const rest = { waiting: 0, keys: 8, unwatched: 0, revision: this.revision };
    return { path: this.path, flagged, ...rest };
  }

  next({ from, step }: { from?: number | undefined; step: 1 | -1 }, all: readonly TailRow[]) {
    const positions = [...this.broken(all).keys()];
    if (from === undefined) return positions.at(step > 0 ? 0 : -1);
    if (step > 0) return positions.find((position) => position > from);
    return positions.findLast((position) => position < from);
  }

  fields(rows: readonly TailRow[]): FieldsFound {
    const records = rows.filter((row) => row.kind === 'record');
    const found = new Map<string, { count: number; example: string }>();
    for (const row of records) {
      for (const name of Object.keys(JSON.parse(this.dataAt(row.id)))) {
        const path = `$.${name}`;
        const known = found.get(path) ?? { count: 0, example: String(this.valueAt(row, path)) };
        found.set(path, { ...known, count: known.count + 1 });
      }
    }
    const fields = [...found].map(([path, field]) => ({ path, ...field }));
    return { looked: records.length, json: records.length, fields, isCut: false };
  }

  /** What the tail's own cells are read from. */
  private get heads(): Pick<JsonHeads, 'shown' | 'shownText' | 'isMasked'> {
    return {
      isMasked: false,
      shown: (id) => ({ text: this.dataAt(id), isWhole: true }),
      shownText: (text) => text,
    };
  }

  private valueAt({ id }: RecordRow, path: string): unknown {
    const data = this.dataAt(id);
    let held: unknown = data.startsWith('{') ? JSON.parse(data) : undefined;
    for (const step of pathSteps(path) ?? []) held = (held as Record<string, unknown>)?.[step];
    return held;
  }

  /** Per row that is lower than one of its key before it: the highest one. */
  private broken(rows: readonly TailRow[]): Map<number, string> {
    const highest = new Map<string, number>();
    const broken = new Map<number, string>();
    if (!this.path) return broken;
    for (const row of rows) {
      if (row.kind === 'event') continue;
      const value = Number(this.valueAt(row, this.path));
      const top = highest.get(row.partitionKey) ?? Number.NEGATIVE_INFINITY;
      if (value < top) broken.set(row.position, String(top));
      else highest.set(row.partitionKey, value);
    }
    return broken;
  }
}

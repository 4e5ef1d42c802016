/** The columns of a panel: what the user makes of them, and what follows from that for the host and the rows. */
import { messageOf } from '../../src/base/errors.ts';
import type { FieldsFound, GridColumns } from '../../src/protocol/columns.ts';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { TailTick } from '../../src/protocol/tail.ts';
import type { Host } from '../state/host.ts';
import { Store } from '../state/store.ts';
import * as layout from './layout.ts';

/** What is to have the focus once it is drawn. */
export interface FocusOwed {
  readonly id: string;
  readonly part: 'head' | 'handle';
}

export interface ColumnsModel {
  readonly columns: GridColumns;
  /** The column of the header that Tab leads to. */
  readonly headAt: string;
  /** Whose menu is open. */
  readonly menuOf: string | undefined;
  readonly focusOwed: FocusOwed | undefined;
  /** The fields of the rows at hand, while they are chosen from. */
  readonly found: FieldsFound | undefined;
  readonly foundProblem: string | undefined;
}

export interface ColumnsParts {
  readonly host: Pick<Host, 'call'>;
  /** Rows that were fetched lack cells, or show what is not so any more. */
  refresh(): void;
  /** To be kept for a reload. */
  save(): void;
  /** The positions from which fields are taken. */
  atHand(): { readonly from: number; readonly count: number };
  /** Where the keyboard is. */
  active(): number | undefined;
  goTo(position: number): void;
  announce(words: string): void;
  refuse(message: string): void;
}

export class ColumnsState {
  readonly store = new Store<ColumnsModel>({
    columns: layout.defaultColumns,
    headAt: layout.stayingColumn,
    menuOf: undefined,
    focusOwed: undefined,
    found: undefined,
    foundProblem: undefined,
  });
  private readonly parts: ColumnsParts;
  private stream = '';
  private orderSeen = '';

  constructor(parts: ColumnsParts) {
    this.parts = parts;
  }

  get columns(): GridColumns {
    return this.store.get().columns;
  }

  /** What a reload has to bring back. */
  get saved(): GridColumns | undefined {
    return layout.isDefault(this.columns) ? undefined : this.columns;
  }

  /** What a page is to bring beside its rows. */
  get asked(): { readonly paths?: readonly string[] } {
    const paths = layout.fieldsIn(this.columns);
    return paths.length > 0 ? { paths } : {};
  }

  /** Another stream than before brings its own columns. */
  meet(subject: PanelSubject | undefined): void {
    const stream = subject ? JSON.stringify([subject.connection.id, subject.stream]) : '';
    if (stream === '' || stream === this.stream) return;
    this.stream = stream;
    this.store.update({ columns: subject?.columns ?? layout.defaultColumns });
    this.parts.refresh();
  }

  /** Rows that were told before are flagged now, or not any more. */
  follow({ tail, order }: TailTick): void {
    const seen = order ? JSON.stringify([tail, order.path, order.revision]) : '';
    if (seen === this.orderSeen) return;
    this.orderSeen = seen;
    this.parts.refresh();
  }

  /** Why there can be no column of this path; undefined when it is one now. */
  addField(path: string): string | undefined {
    const problem = layout.pathProblem(this.columns, path);
    if (problem === undefined) this.show(path);
    return problem;
  }

  focus(id: string, part: FocusOwed['part'] = 'head'): void {
    this.store.update({ headAt: id, focusOwed: { id, part } });
  }

  show(id: string): void {
    this.change(layout.withColumn(this.columns, id));
  }

  hide(id: string): void {
    const { columns } = this;
    const { headAt } = this.store.get();
    this.change(layout.withoutColumn(columns, id));
    if (headAt === id) this.store.update({ headAt: layout.stayingColumn });
  }

  moveBy(id: string, step: 1 | -1): void {
    this.change(layout.movedBy(this.columns, id, step));
    this.sayPlace(id);
  }

  moveTo(id: string, place: number): void {
    this.change(layout.movedTo(this.columns, id, place));
    this.sayPlace(id);
  }

  resize(id: string, widthPx: number): void {
    this.change(layout.withWidth(this.columns, id, widthPx));
  }

  checkOrder(path: string | undefined): void {
    this.change(layout.withOrder(this.columns, path));
  }

  reset(): void {
    this.change(layout.defaultColumns);
    this.store.update({ headAt: layout.stayingColumn });
  }

  /** Looks which fields the rows at hand have. */
  async findFields(): Promise<void> {
    this.store.update({ found: undefined, foundProblem: undefined });
    try {
      this.store.update({ found: await this.parts.host.call('fields', this.parts.atHand()) });
    } catch (thrown) {
      this.store.update({ foundProblem: `The fields could not be read: ${messageOf(thrown)}` });
    }
  }

  /** Goes to the next row out of order, or to the one before; round the ends. */
  async step(step: 1 | -1): Promise<void> {
    try {
      const from = this.parts.active();
      const { host } = this.parts;
      const next = await host.call('nextBroken', { from, step });
      const position = next ?? (await host.call('nextBroken', { step }));
      if (position !== undefined) this.parts.goTo(position);
      else this.parts.announce('None of the rows that are shown is out of order.');
    } catch (thrown) {
      this.parts.refuse(messageOf(thrown));
    }
  }

  private change(columns: GridColumns): void {
    const before = this.columns;
    if (columns === before) return;
    const had = layout.fieldsIn(before);
    this.store.update({ columns });
    const tell = layout.isDefault(columns) ? {} : { columns };
    this.parts.host
      .call('setColumns', tell)
      .catch((thrown) => this.parts.refuse(messageOf(thrown)));
    if (layout.fieldsIn(columns).some((path) => !had.includes(path))) this.parts.refresh();
    this.parts.save();
  }

  private sayPlace(id: string): void {
    const { columns } = this;
    const name = layout.isField(id) ? layout.fieldName(id) : id;
    const place = layout.placeOf(columns, id) + 1;
    this.parts.announce(`${name} is column ${place} of ${columns.shown.length}.`);
  }
}

/** Commands about the record at hand: the one that the details show or are about to, else the one the keyboard is at. */
import type { RecordCommand } from '../../src/protocol/record.ts';
import type { RecordAsked, RecordRow } from '../../src/protocol/tail.ts';
import type { PanelModel } from './panelModel.ts';
import type { Rows } from './rows.ts';
import type { Store } from './store.ts';

export interface RecordCommandsParts {
  readonly store: Store<PanelModel>;
  readonly rows: Rows;
  /** The details still show the record before: that of the active row is on its way. */
  isLoading(): boolean;
  ask(method: Exclude<RecordCommand, 'copyLink'>, asked: RecordAsked): void;
  copyLink(params: { sequenceNumber?: string }): void;
}

const keys: Readonly<Record<string, RecordCommand>> = {
  o: 'openRecord',
  c: 'selectRecord',
  C: 'compareRecord',
};

export class RecordCommands {
  private readonly parts: RecordCommandsParts;

  constructor(parts: RecordCommandsParts) {
    this.parts = parts;
  }

  /** Without an open record a link leads to the stream; without a row there is nothing to do for the rest. */
  run(name: RecordCommand): void {
    const opened = this.opened();
    const row = opened ?? this.active();
    if (name === 'copyLink') {
      this.parts.copyLink(opened ? { sequenceNumber: opened.sequenceNumber } : {});
    } else if (row) this.parts.ask(name, { position: row.position, id: row.id });
    else this.parts.store.update({ refusal: 'Choose a record first: move to its row.' });
  }

  /** True when the key was one of these. */
  press(key: string): boolean {
    const name = keys[key];
    if (name) this.run(name);
    return name !== undefined;
  }

  private opened(): RecordRow | undefined {
    const { details, isDetailsOpen } = this.parts.store.get();
    if (isDetailsOpen && this.parts.isLoading()) return this.active();
    return isDetailsOpen && details.kind === 'record' ? details.record.row : undefined;
  }

  private active(): RecordRow | undefined {
    const { active } = this.parts.store.get();
    const row = active === undefined ? undefined : this.parts.rows.get(active);
    return row?.kind === 'record' ? row : undefined;
  }
}

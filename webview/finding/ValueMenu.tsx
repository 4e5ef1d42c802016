/** The menu of a shown value: filter by it, exclude it, copy it. Of several values one is chosen first. */
import { useCallback, useState } from 'preact/hooks';
import { type Cell, narrow } from '../../src/query/narrow.ts';
import { pathText } from '../../src/query/path.ts';
import { printQuery } from '../../src/query/printQuery.ts';
import { parseQuery } from '../../src/query/query.ts';
import { isShown } from '../columns/layout.ts';
import { type MenuChoice, MenuItems } from '../controls/MenuButton.tsx';
import { type Point, Popup } from '../controls/Popup.tsx';
import { useModel, usePanel } from '../hooks.ts';
import type { Panel } from '../state/panel.ts';
import { visibleLine } from '../visibleText.ts';
import type { ShownValue } from './shownValues.ts';
import { useWhole, type ValueUse } from './wholeValue.ts';
import './finding.css';

export interface ValueMenuProps {
  /** Gets the focus back. */
  readonly anchor: HTMLElement;
  /** Where the pointer asked for it. */
  readonly at?: Point | undefined;
  readonly values: readonly ShownValue[];
  onClose(): void;
}

const conditionCharactersMax = 200;

/** `key=ATL` */
function conditionText(cell: Cell): string {
  const { tree } = parseQuery(narrow('', cell, 'filter'));
  const text = tree ? printQuery(tree) : '';
  const isLong = text.length > conditionCharactersMax;
  return visibleLine(text.slice(0, conditionCharactersMax)) + (isLong ? '…' : '');
}

/** A value at a path can have its path as a column. */
function columnChoices({ columns, store }: Panel, cell: Cell | undefined): MenuChoice[] {
  if (!cell || typeof cell.field === 'string') return [];
  const path = pathText(cell.field);
  const choose = (): void => store.update({ refusal: columns.addField(path) });
  return [{ label: 'Add as column', isDisabled: isShown(columns.columns, path), choose }];
}

const noQuery = 'the record has more there than a query can ask for';

function useActions(value: ShownValue): MenuChoice[] {
  const { cell, name, partOf } = value;
  const panel = usePanel();
  const filter = useModel((model) => model.filter);
  const using = (failure: string, use: ValueUse['use']) => () =>
    void useWhole(panel.copying, { value, failure, use });
  const narrowing = (label: string, mode: 'filter' | 'exclude'): MenuChoice[] => {
    if (!cell) return [];
    const isThere = !partOf && filter !== '' && narrow(filter, cell, mode) === filter;
    const choose = using('No filter was set', (whole) => {
      if (!whole.cell) throw new Error(noQuery);
      // It may be another one by now.
      panel.useFilter(narrow(panel.store.get().filter, whole.cell, mode));
    });
    return [{ label, isDisabled: isThere, choose }];
  };
  return [
    ...narrowing('Filter by this value', 'filter'),
    ...narrowing('Exclude', 'exclude'),
    ...columnChoices(panel, cell),
    {
      label: 'Copy',
      choose: using('Nothing was copied', ({ text }) => panel.copy(text, name)),
    },
  ];
}

function Actions({ value, ...rest }: Omit<ValueMenuProps, 'values'> & { value: ShownValue }) {
  const choices = useActions(value);
  return (
    <Popup {...rest} label={`${value.name} ${value.shown}`} role="menu">
      <div class="menu-note value-note" role="none">
        {value.cell ? conditionText(value.cell) : value.name}
      </div>
      <MenuItems choices={choices} onDone={rest.onClose} />
    </Popup>
  );
}

export function ValueMenu({ values, ...rest }: ValueMenuProps) {
  const [value, setValue] = useState(values.length === 1 ? values[0] : undefined);
  if (value) return <Actions key="actions" value={value} {...rest} />;
  const choices = values.map((one) => ({
    label: one.name,
    detail: one.shown,
    choose: () => setValue(one),
  }));
  return (
    <Popup key="values" {...rest} label="Values" role="menu">
      <div class="menu-note" role="none">
        Filter by, exclude or copy
      </div>
      <MenuItems choices={choices} onDone={() => {}} />
    </Popup>
  );
}

/** What opens such a menu, and the menu while it is open. */
export function useValueMenu() {
  const [open, setOpen] = useState<Omit<ValueMenuProps, 'onClose'> | undefined>();
  const close = useCallback(() => setOpen(undefined), []);
  const show = (props: Omit<ValueMenuProps, 'onClose'>): void => {
    if (props.values.length > 0) setOpen(props);
  };
  return { show, close, menu: open && <ValueMenu key={menuKey(open)} {...open} onClose={close} /> };
}

const menuKey = ({ at, values }: Omit<ValueMenuProps, 'onClose'>): string =>
  `${at?.x} ${at?.y} ${values[0]?.name} ${values.length}`;

/** What can be done with one column, beside its header. */
import { MenuItems } from '../controls/MenuButton.tsx';
import { Popup } from '../controls/Popup.tsx';
import { useModel, usePanel } from '../hooks.ts';
import type { Panel } from '../state/panel.ts';
import { columnOf } from './columnList.tsx';
import { hasOrder, isField, placeOf, stayingColumn } from './layout.ts';
import { fittingWidth, gridOf } from './measure.ts';
import { useColumns } from './useColumns.ts';

function orderChoices({ columns }: Panel, { id, isChecked }: { id: string; isChecked: boolean }) {
  if (!isChecked) {
    return [
      {
        label: 'Check the order of this field per key',
        tooltip:
          'Flags records whose value is lower than one before it with the same partition key',
        choose: () => columns.checkOrder(id),
      },
    ];
  }
  return [
    { label: 'Next record out of order', choose: () => void columns.step(1) },
    { label: 'Previous record out of order', choose: () => void columns.step(-1) },
    { label: 'Stop checking the order', choose: () => columns.checkOrder(undefined) },
  ];
}

function widthChoices({ columns }: Panel, head: HTMLElement, id: string) {
  const fit = (): void => {
    const grid = gridOf(head);
    const index = placeOf(columns.columns, id);
    if (grid) columns.resize(id, fittingWidth(grid, { id, index }));
  };
  return [
    { label: 'Fit the width to the content', choose: fit },
    { label: 'Resize by the arrow keys', choose: () => columns.focus(id, 'handle') },
  ];
}

export function ColumnMenu() {
  const panel = usePanel();
  const { columns } = panel;
  const id = useColumns(({ menuOf }) => menuOf);
  const shown = useColumns((model) => model.columns);
  const zone = useModel((model) => model.zone);
  const head = id && document.querySelector<HTMLElement>(`[data-head="${CSS.escape(id)}"]`);
  if (!id || !head) return null;
  const close = (): void => columns.store.update({ menuOf: undefined });
  const move = (step: 1 | -1) => (): void => {
    columns.moveBy(id, step);
    columns.focus(id);
  };
  const place = placeOf(shown, id);
  const clock = zone === 'utc' ? 'local time' : 'UTC';
  const hide = (): void => {
    columns.hide(id);
    columns.focus(stayingColumn);
  };
  const choices = [
    ...(hasOrder(id) ? orderChoices(panel, { id, isChecked: shown.order === id }) : []),
    ...(id === 'arrived' ? [{ label: `Show ${clock}`, choose: () => panel.toggleTimeZone() }] : []),
    { label: 'Move left', isDisabled: place === 0, choose: move(-1) },
    { label: 'Move right', isDisabled: place === shown.shown.length - 1, choose: move(1) },
    ...widthChoices(panel, head, id),
    ...(id === stayingColumn
      ? []
      : [{ label: isField(id) ? 'Remove this column' : 'Hide this column', choose: hide }]),
  ];
  return (
    <Popup anchor={head} label={columnOf(id).name} role="menu" onClose={close}>
      <MenuItems choices={choices} onDone={close} />
    </Popup>
  );
}

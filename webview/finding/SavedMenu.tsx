/** The saved queries of the stream, at the end of the filter box: choose one, save this one, or change their names. */
import { useCallback, useRef, useState } from 'preact/hooks';
import type { StreamQueries } from '../../src/protocol/panel.ts';
import { parseQuery } from '../../src/query/query.ts';
import { MenuItems } from '../controls/MenuButton.tsx';
import { Popup } from '../controls/Popup.tsx';
import { useModel, usePanel } from '../hooks.ts';
import { visibleLine } from '../visibleText.ts';
import './finding.css';

interface MenuProps {
  readonly anchor: HTMLElement;
  readonly queries: StreamQueries;
  onClose(): void;
}

function Menu({ anchor, queries: { saved, recent }, onClose }: MenuProps) {
  const panel = usePanel();
  const text = useModel((model) => model.filter);
  const { tree, problems } = parseQuery(text);
  const canSave = tree !== undefined && problems.length === 0;
  const use = (query: string) => () => panel.useFilter(query);
  const named = saved.map((query) => ({
    label: visibleLine(query.name),
    detail: visibleLine(query.text),
    tooltip: visibleLine(query.text),
    choose: use(query.text),
  }));
  const last = recent.map((query) => {
    const label = visibleLine(query);
    return { label, tooltip: label, choose: use(query) };
  });
  const save = {
    label: 'Save this query…',
    isDisabled: !canSave,
    choose: () => void panel.ask('saveQuery', { text }),
  };
  const manage = {
    label: 'Rename or delete…',
    choose: () => void panel.ask('manageQueries', { text }),
  };
  return (
    <Popup anchor={anchor} label="Saved queries" role="menu" onClose={onClose}>
      {named.length === 0 && last.length === 0 && (
        <div class="menu-note" role="none">
          No query of this stream was used or saved yet.
        </div>
      )}
      <MenuItems choices={named} onDone={onClose} />
      {last.length > 0 && (
        <div class="menu-note" role="none">
          Last used
        </div>
      )}
      <MenuItems choices={last} onDone={onClose} />
      <div class="menu-line" role="none" />
      <MenuItems choices={named.length > 0 ? [save, manage] : [save]} onDone={onClose} />
    </Popup>
  );
}

export function SavedMenu() {
  const panel = usePanel();
  const button = useRef<HTMLButtonElement>(null);
  const [queries, setQueries] = useState<StreamQueries | undefined>();
  const close = useCallback(() => setQueries(undefined), []);
  const toggle = async (): Promise<void> => setQueries(queries ? undefined : await panel.queries());
  return (
    <>
      <button
        ref={button}
        type="button"
        class="saved-button"
        title="Saved queries of this stream"
        aria-label="Saved queries"
        aria-haspopup="menu"
        aria-expanded={queries !== undefined}
        onClick={() => void toggle()}
      >
        ▾
      </button>
      {queries && button.current && (
        <Menu anchor={button.current} queries={queries} onClose={close} />
      )}
    </>
  );
}

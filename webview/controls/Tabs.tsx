/** Views of one thing, one of them in sight. */
import { vsCodePanels, vsCodePanelTab, vsCodePanelView } from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h } from 'preact';
import { register } from './register.ts';

register(vsCodePanels());
register(vsCodePanelTab());
register(vsCodePanelView());

export interface Tab {
  readonly id: string;
  readonly label: string;
  content(): ComponentChildren;
}

export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly active: string;
  onChange(id: string): void;
}

/** Only the active tab's content is drawn. */
export function Tabs({ label, tabs, active, onChange }: TabsProps) {
  const change = (event: Event): void => {
    const { activeid } = event.currentTarget as HTMLElement & { activeid?: string };
    if (activeid && activeid !== active) onChange(activeid);
  };
  const views = tabs.map(({ id, content }) =>
    h('vscode-panel-view', { id: `${id}-view`, key: `${id}-view` }, id === active && content()),
  );
  return h(
    'vscode-panels',
    { class: 'tabs', 'aria-label': label, activeid: active, onchange: change },
    [...tabs.map((tab) => h('vscode-panel-tab', { id: tab.id, key: tab.id }, tab.label)), ...views],
  );
}

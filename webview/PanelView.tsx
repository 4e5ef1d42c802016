/** The panel as a whole: its parts in their places, and the keys that work everywhere in it. */
import { useEffect, useRef } from 'preact/hooks';
import { Details } from './details/Details.tsx';
import { keepFocus } from './focusKeeper.ts';
import { Foot } from './foot/Foot.tsx';
import { Grid } from './grid/Grid.tsx';
import { Histogram } from './histogram/Histogram.tsx';
import { useModel, usePanel } from './hooks.ts';
import { tellLeaving } from './leaving.ts';
import { Notice } from './Notice.tsx';
import './panel.css';
import { focusNextRegion, focusRegion, isAtRecord, isTyping } from './regions.ts';
import type { Host } from './state/host.ts';
import type { Panel } from './state/panel.ts';
import { Strip } from './strip/Strip.tsx';
import { Toolbar } from './toolbar/Toolbar.tsx';

/** Back to the grid; from the grid it closes the details. */
function goBack(panel: Panel): void {
  const isInGrid = document.activeElement?.closest('[data-region="grid"]') !== null;
  const isInDetails = document.activeElement?.closest('[data-region="details"]') !== null;
  if (isInGrid || isInDetails) panel.selection.closeDetails();
  focusRegion('grid');
}

/** True when the key was one of those that work everywhere. */
function pressKey(event: KeyboardEvent, parts: { panel: Panel; focusFilter(): void }): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.key === 'F6') return focusNextRegion(event.shiftKey ? -1 : 1);
  if (event.key === 'Escape') goBack(parts.panel);
  else if (event.key === '/' && !isTyping(event.target)) parts.focusFilter();
  else return isAtRecord(event.target) && parts.panel.records.press(event.key);
  return true;
}

function useKeys(panel: Panel, focusFilter: () => void): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || !pressKey(event, { panel, focusFilter })) return;
      event.preventDefault();
      event.stopPropagation(); // else VS Code would take it for one of its own
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [panel]);
}

function useCommands(host: Host, parts: { panel: Panel; focusFilter(): void }): void {
  const { panel, focusFilter } = parts;
  useEffect(() => {
    const subscription = host.on('command', ({ name }) => {
      if (name === 'togglePause') panel.togglePause();
      else if (name === 'focusFilter') focusFilter();
      else if (name === 'focusGrid') focusRegion('grid');
      else if (name === 'toggleDetails') panel.selection.toggleDetails();
      else if (name === 'toggleHistogram') panel.timeline.toggle();
      else panel.records.run(name);
    });
    const leading = host.on('reveal', ({ position, focuses }) => {
      panel.lead(position);
      if (focuses) focusRegion('grid');
    });
    const leaving = tellLeaving(host);
    return () => {
      subscription.dispose();
      leading.dispose();
      leaving.dispose();
    };
  }, [host, panel]);
}

export function PanelView({ host }: { host: Host }) {
  const panel = usePanel();
  const filter = useRef<HTMLElement>(null);
  const isDetailsOpen = useModel((model) => model.isDetailsOpen);
  const where = useModel(
    (model) => model.subject?.where ?? document.body.dataset.where ?? 'editor',
  );
  const announcement = useModel((model) => model.announcement);
  const focusFilter = (): void => filter.current?.focus();
  useKeys(panel, focusFilter);
  useEffect(() => {
    const keeping = keepFocus();
    return () => keeping.dispose();
  }, []);
  useCommands(host, { panel, focusFilter });
  return (
    <main class={`panel ${where}`}>
      <Toolbar filterRef={filter} />
      <Strip />
      <Histogram />
      <div class={isDetailsOpen ? 'body body-split' : 'body'}>
        <Grid />
        {isDetailsOpen && <Details />}
      </div>
      <Notice />
      <Foot />
      <div class="hidden-word" role="status" aria-live="polite">
        {announcement}
      </div>
    </main>
  );
}

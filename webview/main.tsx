/** Starts the stream panel in its webview. */
import './nonce.ts';
import { render } from 'preact';
import type { Clock } from '../src/base/clock.ts';
import { Channel } from '../src/protocol/channel.ts';
import type { PanelEvents, PanelMethods } from '../src/protocol/panel.ts';
import { PanelContext } from './hooks.ts';
import { PanelView } from './PanelView.tsx';
import type { Host } from './state/host.ts';
import { Panel } from './state/panel.ts';
import { openDoor } from './vscodeApi.ts';

const clock: Pick<Clock, 'now' | 'schedule'> = {
  now: () => Date.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};

const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const utcOffsetMinutes = (epochMs: number): number => -new Date(epochMs).getTimezoneOffset();

function start(root: HTMLElement): void {
  const door = openDoor();
  const host = new Channel<PanelMethods, PanelEvents, Record<string, never>>(door.port);
  const panel = new Panel({ host, clock, timeZone, utcOffsetMinutes, ...door });
  render(
    <PanelContext.Provider value={panel}>
      <PanelView host={host} />
    </PanelContext.Provider>,
    root,
  );
  void panel.start();
  tellFocus(host);
}

/** Says when the focus comes into the panel and leaves it, which VS Code does not tell. */
function tellFocus(host: Host): void {
  const tell = (has: boolean): void => void host.call('focused', { has }).catch(() => undefined);
  addEventListener('focus', () => tell(true));
  addEventListener('blur', () => tell(false));
  if (document.hasFocus()) tell(true);
}

const root = document.getElementById('root');
if (root) start(root);

/** Starts the stream panel in its webview. */
import './nonce.ts';
import { render } from 'preact';
import type { Clock } from '../src/base/clock.ts';
import { Channel } from '../src/protocol/channel.ts';
import type { PanelEvents, PanelMethods } from '../src/protocol/panel.ts';
import { PanelContext } from './hooks.ts';
import { PanelView } from './PanelView.tsx';
import { Panel } from './state/panel.ts';
import { openDoor } from './vscodeApi.ts';

const clock: Pick<Clock, 'now' | 'schedule'> = {
  now: () => Date.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
};

const utcOffsetMinutes = (epochMs = Date.now()): number => -new Date(epochMs).getTimezoneOffset();

function start(root: HTMLElement): void {
  const door = openDoor();
  const host = new Channel<PanelMethods, PanelEvents, Record<string, never>>(door.port);
  const panel = new Panel({ host, clock, utcOffsetMinutes, ...door });
  render(
    <PanelContext.Provider value={panel}>
      <PanelView host={host} />
    </PanelContext.Provider>,
    root,
  );
  void panel.start();
}

const root = document.getElementById('root');
if (root) start(root);

/** The webview's door to the extension host, as VS Code gives it. */
import { Emitter } from '../src/base/emitter.ts';
import type { MessagePortLike } from '../src/protocol/channel.ts';
import type { PanelState } from '../src/protocol/panel.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): PanelState | undefined;
  setState(state: PanelState | undefined): void;
}

declare global {
  /** May be called once in the life of a webview. */
  function acquireVsCodeApi(): VsCodeApi;
}

/** Messages to and from the host, and the state that survives a reload. */
export interface Door {
  readonly port: MessagePortLike;
  savedState(): PanelState | undefined;
  saveState(state: PanelState | undefined): void;
}

export function openDoor(): Door {
  const api = acquireVsCodeApi();
  const messages = new Emitter<unknown>();
  addEventListener('message', (event: MessageEvent<unknown>) => messages.fire(event.data));
  return {
    port: { post: (message) => api.postMessage(message), onMessage: messages.event },
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}

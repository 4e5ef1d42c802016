/** Something is under way that has no length; the words beside it say what. */
import { vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import { h } from 'preact';
import { register } from './register.ts';

register(vsCodeProgressRing());

export function ProgressRing() {
  return h('vscode-progress-ring', { class: 'progress-ring', 'aria-hidden': 'true' });
}

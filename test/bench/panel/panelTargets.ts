// What the panel is to reach in the workbench, each against a control of the same run.
import { plain, type Target } from '../targets.ts';

export const panelTargets: readonly Target[] = [
  plain({
    name: 'putToPixel: p50 from the answer to a put to its row',
    source: 'a bare message of the extension host in a bare webview, and 30 ms',
    unit: 'ms',
    figure: 'putToPixel/from the answer/p50Ms',
    of: 'putToPixel/bare message/p50Ms',
    plus: 30,
  }),
  plain({
    name: 'follow: CPU of the extension host per 1,000 records',
    source: 'its main thread, less what it takes when idle',
    unit: 'ms',
    figure: 'follow/difference/hostMsPer1000',
    plus: 1,
  }),
  plain({
    name: 'follow: delay of the extension host, p99',
    source: 'the same when idle, and 20 ms',
    unit: 'ms',
    figure: 'follow/load/delayP99Ms',
    of: 'follow/idle/delayP99Ms',
    plus: 20,
  }),
  plain({
    name: 'follow: scripting of the page in a second',
    source: 'a quarter of its thread, less what it takes when idle',
    unit: 'ms',
    figure: 'follow/difference/scriptMsPerSecond',
    plus: 250,
  }),
  plain({
    name: 'hidden: messages about the tail in 5 s',
    source: 'none: nobody looks',
    unit: '',
    figure: 'hidden/hidden/messages',
  }),
  plain({
    name: 'millionRows: frames from the page to its rows, p95 of 40 moves of the thumb',
    source: 'two frames',
    unit: '',
    figure: 'millionRows/thumb/framesP95',
    plus: 2,
  }),
  plain({
    name: 'millionRows: blank rows at rest',
    source: 'none',
    unit: '',
    figure: 'millionRows/thumb/blankAtRest',
  }),
];

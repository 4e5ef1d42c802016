/** What a panel is asked to show: by a command, a link, or by what a reload left in its webview. */
import type { GridColumns } from '../../protocol/columns.ts';
import type { PanelState } from '../../protocol/panel.ts';
import type { TailReached, TailStart } from '../../protocol/tail.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import { columnsOf } from './columnMemory.ts';
import type { LinkPlace } from './followLink.ts';

/** Which stream, from where; what to say of it and how to filter it. */
export interface PanelRequest extends StreamPlace {
  readonly start: TailStart;
  readonly filter?: string | undefined;
  readonly note?: string | undefined;
  /** Up to where to read before it pauses by itself. */
  readonly until?: TailReached | undefined;
  /** What to lead to, wherever that is once it is open. */
  readonly link?: LinkPlace | undefined;
  /** Of the panel before a reload. */
  readonly columns?: GridColumns | undefined;
}

/** What a reload left in a webview, when it can still be shown. */
export function requestOf(state: unknown): PanelRequest | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { connection, stream, resume, reached, filter, columns } = state as Partial<PanelState>;
  if (typeof connection !== 'string' || typeof stream !== 'string') return undefined;
  const start = resume ?? { type: 'LATEST' };
  const note = reached
    ? 'The window was reloaded: the rows below were read again.'
    : 'The window was reloaded: the tail goes on from where it was.';
  const shown = columnsOf(columns);
  return { connection, stream, start, until: reached, filter: filter ?? '', note, columns: shown };
}

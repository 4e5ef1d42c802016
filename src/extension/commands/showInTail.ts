/** The button under what was put: it leads to it in a tail, which reads on to it or starts there. */
import type { TailStart } from '../../protocol/tail.ts';
import type { App } from '../app.ts';
import type { MessageAction } from '../messages.ts';
import type { LinkPlace } from '../panels/followLink.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';

/** A record shows up in a tail that starts this long before it was put, whatever the clocks' rounding. */
const tailMarginMs = 1_000;

export type Put =
  /** The one record that was put. */
  | { readonly sequenceNumber: string }
  /** When putting began, epoch milliseconds of the stream's clock: the first that arrived since then is led to. */
  | { readonly startedMs: number };

export const showInTail = (app: App, place: StreamPlace, put: Put): MessageAction => ({
  title: 'Show in Tail',
  run: () => app.panels.showLink(place, linkTo(put)),
});

/** Pure. */
export function linkTo(put: Put): LinkPlace {
  if ('sequenceNumber' in put) {
    const { sequenceNumber } = put;
    const start: TailStart = { type: 'AT_SEQUENCE_NUMBER', sequenceNumber };
    return { start, filter: '', shows: { sequenceNumber }, isNew: true };
  }
  const timestampMs = put.startedMs - tailMarginMs;
  return { start: { type: 'AT_TIMESTAMP', timestampMs }, filter: '', isNew: true };
}

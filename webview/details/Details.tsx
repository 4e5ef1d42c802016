/** One record in full, beside the grid or below it. */
import { shortSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { EventRow, FullRecord } from '../../src/protocol/tail.ts';
import { formatBothZones } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';
import type { DetailsContent } from '../state/panelModel.ts';
import { CopyMenu } from './CopyMenu.tsx';
import './details.css';
import { Facts } from './Facts.tsx';
import { RecordActions } from './RecordActions.tsx';
import { RecordTabs } from './RecordTabs.tsx';

function RecordDetails({ record }: { record: FullRecord }) {
  return (
    <>
      <Facts record={record} />
      <RecordTabs record={record} />
      <RecordActions />
    </>
  );
}

function EventDetails({ event }: { event: EventRow }) {
  const zone = useModel((model) => model.zone);
  return (
    <>
      <p class="details-sentence">{event.text}</p>
      <p class="faint">{formatBothZones(event.atMs, zone)}</p>
    </>
  );
}

function Content({ content }: { content: DetailsContent }) {
  if (content.kind === 'record') return <RecordDetails record={content.record} />;
  if (content.kind === 'event') return <EventDetails event={content.event} />;
  if (content.kind === 'failed') return <p>The record could not be read: {content.reason}</p>;
  if (content.kind === 'gone')
    return <p>This record is held no longer: newer ones took its place.</p>;
  if (content.kind === 'none') return <p class="faint">Choose a row to see it in full.</p>;
  return <p class="faint">Fetching the record…</p>;
}

function Title({ content }: { content: DetailsContent }) {
  if (content.kind === 'event') return <h2>Event</h2>;
  if (content.kind !== 'record') return <h2>Record</h2>;
  const { sequenceNumber } = content.record.row;
  return (
    <h2>
      Record <span class="mono">{shortSequenceNumber(sequenceNumber)}</span>
    </h2>
  );
}

export function Details() {
  const panel = usePanel();
  const content = useModel((model) => model.details);
  return (
    <aside class="details" data-region="details" aria-label="Details" tabIndex={-1}>
      <header class="details-head">
        <Title content={content} />
        {content.kind === 'record' && <CopyMenu record={content.record} />}
        <button
          type="button"
          class="quiet-button"
          title="Close the details (Escape)"
          aria-label="Close the details"
          onClick={() => panel.selection.closeDetails()}
        >
          ✕
        </button>
      </header>
      <Content content={content} />
    </aside>
  );
}

/** What stands in the grid's place while there is nothing in it: why, and what can be done. */
import { shortSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { TailStart, TailTick } from '../../src/protocol/tail.ts';
import { Button } from '../controls/Button.tsx';
import { ProgressRing } from '../controls/ProgressRing.tsx';
import { formatClock, plural, type TimeZone } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';
import { thenFocusGrid } from '../regions.ts';

function fromWords(start: TailStart, zone: TimeZone): string {
  if (start.type === 'TRIM_HORIZON') return 'from the oldest held by the stream';
  if (start.type === 'LATEST') return 'from now';
  if (start.type === 'AT_SEQUENCE_NUMBER') {
    return `from the record ${shortSequenceNumber(start.sequenceNumber)}`;
  }
  return `from ${formatClock(start.timestampMs, zone)}`;
}

function Starting() {
  return (
    <div class="nothing" role="status">
      <ProgressRing />
      <p>Looking up the shards…</p>
    </div>
  );
}

function NoStream() {
  const panel = usePanel();
  return (
    <div class="nothing">
      <p>This panel shows no stream yet.</p>
      <div class="nothing-actions">
        <Button onPress={() => void panel.ask('chooseStream', {})}>Choose a stream…</Button>
      </div>
    </div>
  );
}

function Waiting({ tick }: { tick: TailTick }) {
  const panel = usePanel();
  const zone = useModel((model) => model.zone);
  const isWritable = useModel((model) => model.subject?.connection.writable ?? false);
  const { start } = tick;
  const open = tick.shards.filter((shard) => shard.isOpen).length;
  return (
    <div class="nothing">
      <p>
        Waiting for the first record of {plural(open, 'shard')}, {fromWords(start, zone)}.
      </p>
      <div class="nothing-actions">
        {isWritable && (
          <Button onPress={() => void panel.ask('putRecord', {})}>Put a record</Button>
        )}
        {start.type !== 'TRIM_HORIZON' && (
          <Button onPress={thenFocusGrid(() => panel.restart({ type: 'TRIM_HORIZON' }))}>
            Start at the beginning
          </Button>
        )}
      </div>
    </div>
  );
}

function NoMatch({ records, isLooking }: TailTick) {
  const panel = usePanel();
  const held = plural(records.held, 'record');
  return (
    <div class="nothing">
      {isLooking && <ProgressRing />}
      <p>
        {isLooking
          ? `None matches so far: still looking through the ${held} held.`
          : `None of the ${held} held matches the filter.`}
      </p>
      <div class="nothing-actions">
        <Button onPress={thenFocusGrid(() => panel.applyFilter(''))}>Clear the filter</Button>
      </div>
    </div>
  );
}

export function NothingToShow() {
  const isReady = useModel((model) => model.isReady);
  const hasSubject = useModel((model) => model.subject !== undefined);
  const tick = useModel((model) => model.tick);
  if (isReady && !hasSubject) return <NoStream />;
  if (!tick) return <Starting />;
  const { records, filter, state, shards } = tick;
  if (records.held > 0) return filter && records.matching === 0 ? <NoMatch {...tick} /> : null;
  if (state === 'starting' && shards.length === 0) return <Starting />;
  return state === 'starting' || state === 'live' ? <Waiting tick={tick} /> : null;
}

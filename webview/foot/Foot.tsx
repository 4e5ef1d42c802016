/** The state in one line: live or not, shards, rate, what is held, how far behind, and where. */
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { TailTick } from '../../src/protocol/tail.ts';
import { OrderFoot } from '../columns/OrderFoot.tsx';
import { Fact } from '../controls/Fact.tsx';
import {
  agoWords,
  formatAge,
  formatBytes,
  formatBytesOf,
  formatCount,
  formatPerSecond,
  plural,
} from '../format.ts';
import { HistogramToggle } from '../histogram/HistogramToggle.tsx';
import { useModel, useNow } from '../hooks.ts';
import { Reads } from './Reads.tsx';
import './foot.css';
import { Signs } from './Signs.tsx';

const states = {
  starting: { sign: '○', word: 'Starting' },
  live: { sign: '●', word: 'Live' },
  paused: { sign: '❚❚', word: 'Paused' },
  ended: { sign: '■', word: 'Ended' },
  failed: { sign: '▲', word: 'Stopped' },
} as const;
/** Reading goes on as soon as the other side answers. */
const unanswered = { sign: '▲', word: 'No answer' } as const;

/** How the tail fares: its state, unless nobody answers it. */
function fareOf(tick: TailTick | undefined): keyof typeof states | 'unanswered' {
  const state = tick?.state ?? 'starting';
  return tick?.problem && (state === 'live' || state === 'starting') ? 'unanswered' : state;
}

function Shards({ shards }: TailTick) {
  const open = shards.filter((shard) => shard.isOpen).length;
  const closed = shards.length - open;
  return (
    <span>
      {plural(open, 'open shard')}
      {closed > 0 && <span class="foot-wide">, {formatCount(closed)} closed</span>}
    </span>
  );
}

function Counts({ tick }: { tick: TailTick }) {
  const { held, bounds } = tick;
  const isAnswered = fareOf(tick) !== 'unanswered';
  const holds = `${formatBytesOf(held.bytes, bounds.bytesMax)}. At most ${formatCount(bounds.rowsMax)} rows or ${formatBytes(bounds.bytesMax)} are held here; then the oldest give way. The stream keeps them.`;
  return (
    <>
      <Shards {...tick} />
      {isAnswered && (
        <Fact class="foot-rate" label="Rate" words={`${formatBytes(tick.bytesPerSecond)}/s`}>
          {formatPerSecond(tick.recordsPerSecond)} records/s
        </Fact>
      )}
      <Fact class="foot-kept" label="Held" words={holds}>
        {formatCount(tick.records.held)} held
        <span class="foot-wide">, {formatBytesOf(held.bytes, bounds.bytesMax)}</span>
      </Fact>
      {isAnswered && (
        <Fact
          class="foot-behind"
          label="Behind"
          words="How far the shard that is read slowest is behind its newest record"
        >
          {formatAge(tick.millisBehindLatest)} behind
        </Fact>
      )}
      {isAnswered && tick.reads && <Reads reads={tick.reads} />}
    </>
  );
}

/** At the bottom no tab names the stream. */
function placeWords({ connection, stream, where }: PanelSubject): string {
  const { label, place, region, kind, writable } = connection;
  const words = [
    ...(where === 'bottom' ? [stream] : []),
    label,
    ...(kind === 'local' ? [] : [region]),
    place,
    writable ? '' : 'read-only',
  ];
  return words.filter(Boolean).join(', ');
}

export function Foot() {
  const tick = useModel((model) => model.tick);
  const subject = useModel((model) => model.subject);
  const fare = fareOf(tick);
  const state = fare === 'unanswered' ? unanswered : states[fare];
  const isPaused = tick?.state === 'paused';
  const now = useNow(isPaused);
  const { pausedSinceMs } = tick ?? {};
  const since = isPaused && pausedSinceMs !== undefined ? agoWords(now - pausedSinceMs) : '';
  return (
    <footer class="foot" data-region="foot">
      <span class={`foot-state foot-${fare}`}>
        <span class="foot-sign" aria-hidden="true">
          {state.sign}
        </span>{' '}
        {state.word}
        {since && <span class="foot-since">{since}</span>}
      </span>
      {tick && <Counts tick={tick} />}
      <Signs />
      <OrderFoot />
      <span class="foot-end">
        <HistogramToggle />
        {subject && <span class="foot-place">{placeWords(subject)}</span>}
      </span>
    </footer>
  );
}

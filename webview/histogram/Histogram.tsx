/** The records held by the time at which they arrived: all of them, and those that match; a span of it narrows the list. */
import { useMemo, useRef } from 'preact/hooks';
import type { TailHistogram } from '../../src/protocol/histogram.ts';
import type { TimeSpan } from '../../src/query/timeSpan.ts';
import { formatCount } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';
import { type Axis, axisEndMs, axisOf, barsEndMs } from './axis.ts';
import { Bars } from './Bars.tsx';
import './histogram.css';
import { barsOf, countWords, highestOf, shardWords, wholeOf } from './layers.ts';
import { useSpan } from './useBrush.ts';
import { useStill } from './useStill.ts';
import { useTimelineShown } from './useTimelineShown.ts';
import { barWords, momentWords, spanWords, type TimeLook } from './words.ts';

const descriptionId = 'histogram-description';
const howTo =
  'Left and right move the beginning of the span, with Shift its end. Comma and full stop look at one bar after the other. Enter goes to the first record of the bar or the span. Escape clears it.';

interface Shown {
  readonly histogram: TailHistogram;
  readonly axis: Axis;
  readonly look: TimeLook;
}

/** All of it in sentences, for who does not see the bars. */
function summaryOf({ histogram, axis, look }: Shown): string {
  const whole = wholeOf(histogram);
  const times = spanWords({ fromMs: axis.startMs, toMs: barsEndMs(axis) }, look);
  const counts = countWords(whole, histogram.matching !== undefined);
  const shards = shardWords(histogram, whole).map(({ words }) => `${words}.`);
  return [`${counts} from ${times}.`, ...shards].join(' ');
}

function Scale({ histogram, axis }: { histogram: TailHistogram; axis: Axis }) {
  const highest = useMemo(() => highestOf(barsOf(histogram)), [histogram]);
  const words = `Heights are linear, up to ${formatCount(highest)} records`;
  return (
    <span class="timeline-scale" title={`${words} in ${barWords(axis.barMs)}`}>
      bars of {barWords(axis.barMs)}, highest {formatCount(highest)}
    </span>
  );
}

function SpanSet({ span, look }: { span: TimeSpan; look: TimeLook }) {
  const panel = usePanel();
  return (
    <span class="timeline-span">
      <span class="timeline-span-words">{spanWords(span, look)}</span>
      <button
        type="button"
        class="quiet-button timeline-clear"
        title="Show all times again (Escape, or a double click)"
        onClick={() => panel.timeline.widen()}
      >
        Clear
      </button>
    </span>
  );
}

function Line({ shown, look }: { shown: Shown | undefined; look: TimeLook }) {
  const span = useSpan();
  return (
    <div class="timeline-line">
      <span class="timeline-end">{shown && momentWords(shown.axis.startMs, look)}</span>
      {span && <SpanSet span={span} look={look} />}
      {!span && shown && <Scale {...shown} />}
      <span class="timeline-end">{shown && momentWords(axisEndMs(shown.axis), look)}</span>
    </div>
  );
}

function Timeline() {
  const histogram = useModel((model) => model.histogram);
  const panel = usePanel();
  const zone = useModel((model) => model.zone);
  const axis = useMemo(() => axisOf(histogram), [histogram]);
  // Which day it is, is looked at with each histogram.
  const look = useMemo(() => ({ zone, nowMs: panel.nowMs }), [panel, zone, histogram]);
  const shown = useMemo(
    () => (histogram && axis ? { histogram, axis, look } : undefined),
    [histogram, axis, look],
  );
  const filter = useModel((model) => model.tick?.filter);
  const summary = useMemo(() => (shown ? summaryOf(shown) : ''), [shown]);
  const section = useRef<HTMLElement>(null);
  const told = useStill(summary, {
    isHeld: section.current?.contains(document.activeElement) ?? false,
    about: summary !== '' && filter,
  });
  return (
    <section
      ref={section}
      class="histogram"
      data-region="histogram"
      aria-label="Records by time of arrival"
    >
      <Bars histogram={histogram} axis={axis} look={look} describedBy={descriptionId} />
      <Line shown={shown} look={look} />
      <div class="hidden-word" id={descriptionId}>
        {told} {howTo}
      </div>
    </section>
  );
}

export function Histogram() {
  return useTimelineShown() ? <Timeline /> : null;
}

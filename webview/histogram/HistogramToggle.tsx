/** Folds the histogram away and shows it again. */
import { usePanel } from '../hooks.ts';
import { useTimelineShown } from './useTimelineShown.ts';

export function HistogramToggle() {
  const panel = usePanel();
  const isShown = useTimelineShown();
  return (
    <button
      type="button"
      class="quiet-button histogram-toggle"
      title={isShown ? 'Hide the histogram over time' : 'Show the histogram over time'}
      aria-expanded={isShown}
      onClick={() => panel.timeline.toggle()}
    >
      <span aria-hidden="true">{isShown ? '▾' : '▸'}</span> Histogram
    </button>
  );
}

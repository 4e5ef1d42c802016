/** Whether the histogram has its place in the panel, also before the host has said what the panel is. */
import { useModel } from '../hooks.ts';
import { isTimelineShown } from '../state/timeline.ts';

export function useTimelineShown(): boolean {
  const hasSubject = useModel(({ subject, isHistogramShown }) => subject ?? isHistogramShown);
  const isShown = useModel(isTimelineShown);
  return isShown && (hasSubject !== undefined || document.body.dataset.where !== 'bottom');
}

/** Where reading stops by itself: at a time, after a number of records, or not at all. */
import type { TailStop } from '../../src/protocol/tail.ts';
import { MenuButton } from '../controls/MenuButton.tsx';
import { formatClock, formatCount, type TimeZone } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';

function stopWords(stop: TailStop | undefined, zone: TimeZone): string {
  if (!stop) return 'no end';
  if (stop.type === 'AFTER_RECORDS') return `${formatCount(stop.count)} more`;
  return formatClock(stop.timestampMs, zone);
}

export function StopMenu() {
  const panel = usePanel();
  const words = useModel(({ tick, zone }) => stopWords(tick?.stop, zone));
  const isEnding = useModel(({ tick }) => tick?.stop !== undefined);
  const after = (count: number) => ({
    label: `After ${formatCount(count)} more records`,
    choose: () => panel.stopAt({ type: 'AFTER_RECORDS', count }),
  });
  const inMinutes = (minutes: number) => ({
    label: minutes === 1 ? 'In 1 minute' : `In ${minutes} minutes`,
    choose: () => panel.stopInMinutes(minutes),
  });
  const never = { label: 'No end: until it is paused', choose: () => panel.stopAt(undefined) };
  const choices = [
    ...(isEnding ? [never] : []),
    after(100),
    after(1000),
    after(10_000),
    inMinutes(1),
    inMinutes(10),
    { label: 'A time or a number of records…', choose: () => void panel.ask('chooseStop', {}) },
  ];
  return (
    <MenuButton
      label="Stop at"
      className="stop-menu"
      tooltip="When reading stops by itself"
      choices={choices}
    >
      To: {words}
    </MenuButton>
  );
}

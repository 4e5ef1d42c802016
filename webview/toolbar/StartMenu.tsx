/** Where reading begins: at the latest record, at the horizon, some minutes ago. Choosing starts again. */
import type { TailStart } from '../../src/protocol/tail.ts';
import { MenuButton } from '../controls/MenuButton.tsx';
import { formatClock, type TimeZone } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';

function startWords(start: TailStart | undefined, zone: TimeZone): string {
  if (start?.type === 'TRIM_HORIZON') return 'horizon';
  if (start?.type === 'AT_TIMESTAMP') return formatClock(start.timestampMs, zone);
  return 'latest';
}

export function StartMenu() {
  const panel = usePanel();
  const words = useModel(({ tick, zone }) => startWords(tick?.start, zone));
  const minutesAgo = (minutes: number) => ({
    label: minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`,
    choose: () => panel.restartMinutesAgo(minutes),
  });
  const choices = [
    { label: 'Latest', choose: () => panel.restart({ type: 'LATEST' }) },
    minutesAgo(1),
    minutesAgo(10),
    minutesAgo(60),
    {
      label: 'Horizon (the oldest held by the stream)',
      choose: () => panel.restart({ type: 'TRIM_HORIZON' }),
    },
  ];
  return (
    <MenuButton
      label="Start from"
      className="start-menu"
      tooltip="Start reading again from another place in the stream"
      choices={choices}
    >
      From: {words}
    </MenuButton>
  );
}

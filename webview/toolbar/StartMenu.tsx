/** Where reading begins: at the latest record, the horizon, a time or a record. Choosing starts again. */
import { shortSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { TailStart } from '../../src/protocol/tail.ts';
import { MenuButton } from '../controls/MenuButton.tsx';
import { formatClock, type TimeZone } from '../format.ts';
import { useModel, usePanel } from '../hooks.ts';

function startWords(start: TailStart | undefined, zone: TimeZone): string {
  if (start?.type === 'TRIM_HORIZON') return 'horizon';
  if (start?.type === 'AT_SEQUENCE_NUMBER') return shortSequenceNumber(start.sequenceNumber);
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
    {
      label: 'A time or a sequence number…',
      choose: () => void panel.ask('chooseStart', {}),
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

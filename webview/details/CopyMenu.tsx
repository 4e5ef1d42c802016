/** Copies the open record in one of the forms that people need elsewhere. */
import type { FullRecord } from '../../src/protocol/tail.ts';
import { MenuButton } from '../controls/MenuButton.tsx';
import { useModel, usePanel } from '../hooks.ts';
import { hasPutCommand, isRawCut, putCommand, recordJson } from './copyTexts.ts';

export function CopyMenu({ record }: { record: FullRecord }) {
  const panel = usePanel();
  const subject = useModel((model) => model.subject);
  const cut = isRawCut(record)
    ? { isDisabled: true, tooltip: 'Only the beginning of this record is here' }
    : {};
  const isAway = subject !== undefined && !hasPutCommand(subject.connection);
  const away = isAway ? { isDisabled: true, tooltip: 'The local engine is not running' } : {};
  const choices = [
    { label: 'Value', choose: () => panel.copy(record.decoded, 'the value') },
    { label: 'Record as JSON', ...cut, choose: () => panel.copy(recordJson(record), 'the record') },
    {
      label: 'AWS CLI command',
      ...away,
      ...cut,
      choose: () => subject && panel.copy(putCommand(record, subject), 'the command'),
    },
    {
      label: 'Sequence number',
      choose: () => panel.copy(record.row.sequenceNumber, 'the sequence number'),
    },
  ];
  return (
    <MenuButton label="Copy" choices={choices}>
      Copy
    </MenuButton>
  );
}

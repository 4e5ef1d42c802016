/** Copies the open record in one of the forms that people need elsewhere. */
import type { FullRecord } from '../../src/protocol/tail.ts';
import { MenuButton, type MenuChoice } from '../controls/MenuButton.tsx';
import { useModel, usePanel } from '../hooks.ts';
import { copyChoices } from './copyChoices.ts';

export function CopyMenu({ record }: { record: FullRecord }) {
  const panel = usePanel();
  const subject = useModel((model) => model.subject);
  const choices: MenuChoice[] = copyChoices(record, subject).map(
    ({ label, text, what, objection }) => ({
      label,
      choose: () => panel.copy(text(), what),
      ...(objection !== undefined && { isDisabled: true, tooltip: objection }),
    }),
  );
  const { sequenceNumber } = record.row;
  choices.push({
    label: 'Link to this record',
    choose: () => void panel.ask('copyLink', { sequenceNumber }),
  });
  return (
    <MenuButton label="Copy" choices={choices}>
      Copy
    </MenuButton>
  );
}

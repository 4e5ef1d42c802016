/** Copies the open record in one of the forms that people need elsewhere. */
import type { FullRecord } from '../../src/protocol/tail.ts';
import { MenuButton, type MenuChoice } from '../controls/MenuButton.tsx';
import { useModel, usePanel } from '../hooks.ts';
import { copyChoices } from './copyChoices.ts';
import { copyRecord } from './copyRecord.ts';

export function CopyMenu({ record }: { record: FullRecord }) {
  const panel = usePanel();
  const subject = useModel((model) => model.subject);
  const choices: MenuChoice[] = copyChoices(record, subject).map((choice) => ({
    label: choice.label,
    choose: () => void copyRecord(panel.copying, { choice, record }),
    ...(choice.objection !== undefined && { isDisabled: true, tooltip: choice.objection }),
  }));
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

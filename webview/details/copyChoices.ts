/** What the Copy menu offers of a record, and why a part of it cannot be had. Pure. */
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { fitsCommand, hasPutCommand, putCommand, recordJson } from './copyTexts.ts';
import { lambdaEvent } from './lambdaEvent.ts';

export interface CopyChoice {
  readonly label: string;
  /** Why it cannot be copied, in a sentence without its full stop. */
  readonly objection?: string | undefined;
  /** For `Copied …`. */
  readonly what: string;
  /** It has all bytes of the record in it: `text` is to be given them. */
  readonly isOfBytes?: boolean;
  text(record: FullRecord): string;
}

/** What the command lacks, or is of. */
function commandWords({ row, isHashKeyUntold }: FullRecord): string {
  if (isHashKeyUntold) return 'the command, without the explicit hash key, which nothing tells';
  return row.subSequenceNumber === undefined
    ? 'the command'
    : 'the command of the user record, not of its aggregate';
}

export const maskObjection = 'A mask hides a part of this record';
const cutObjection =
  'Only the beginning of this long value is here: open it in the editor, or copy the record as JSON';
const longObjection = 'The data is too long for a command line: copy the record as JSON';

function eventWords({ row }: FullRecord, account: string | undefined): string {
  const notes = [
    ...(row.subSequenceNumber === undefined
      ? []
      : ['one record of an aggregate, which Lambda hands over whole']),
    ...(account === undefined ? ['the account is not known yet'] : []),
  ];
  return `the Lambda event${notes.length > 0 ? `: ${notes.join('; ')}` : ''}`;
}

export function copyChoices(record: FullRecord, subject: PanelSubject | undefined): CopyChoice[] {
  const { row } = record;
  const objection = record.withheld === undefined ? undefined : maskObjection;
  const isAway = subject !== undefined && !hasPutCommand(subject.connection);
  const away = isAway ? 'The local engine is not running' : undefined;
  // What is copied of an aggregate is one record of it, everywhere.
  const of = row.subSequenceNumber === undefined ? '' : ' of this user record';
  const value = record.row.isMasked ? 'the value, with what is masked left out' : 'the value';
  return [
    {
      label: 'Value',
      objection: record.decodedIsCut ? cutObjection : undefined,
      what: value,
      text: ({ decoded }) => decoded,
    },
    {
      label: `Record as JSON${of && ' (user record)'}`,
      objection,
      what: of ? 'the user record, not its aggregate' : 'the record',
      isOfBytes: true,
      text: recordJson,
    },
    {
      label: `AWS CLI command${of} (bash, zsh)`,
      objection: away ?? objection ?? (fitsCommand(record) ? undefined : longObjection),
      what: commandWords(record),
      isOfBytes: true,
      text: (whole) => (subject ? putCommand(whole, subject) : ''),
    },
    {
      label: `Lambda event${of}`,
      objection,
      what: eventWords(record, subject?.connection.account),
      isOfBytes: true,
      text: (whole) => (subject ? lambdaEvent(whole, subject) : ''),
    },
    { label: 'Sequence number', what: 'the sequence number', text: () => row.sequenceNumber },
  ];
}

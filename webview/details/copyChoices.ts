/** What the Copy menu offers of a record, and why a part of it cannot be had. Pure. */
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { hasPutCommand, isRawCut, putCommand, recordJson } from './copyTexts.ts';
import { lambdaEvent } from './lambdaEvent.ts';

export interface CopyChoice {
  readonly label: string;
  /** Why it cannot be copied, in a sentence without its full stop. */
  readonly objection?: string | undefined;
  /** For `Copied …`. */
  readonly what: string;
  text(): string;
}

function rawObjection(record: FullRecord): string | undefined {
  if (record.withheld !== undefined) return 'A mask hides a part of this record';
  return isRawCut(record) ? 'Only the beginning of this record is here' : undefined;
}

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
  const objection = rawObjection(record);
  const isAway = subject !== undefined && !hasPutCommand(subject.connection);
  const away = isAway ? 'The local engine is not running' : undefined;
  // What is copied of an aggregate is one record of it, everywhere.
  const of = row.subSequenceNumber === undefined ? '' : ' of this user record';
  const one =
    row.subSequenceNumber === undefined ? '' : ' of the user record, not of its aggregate';
  const value = record.row.isMasked ? 'the value, with what is masked left out' : 'the value';
  return [
    { label: 'Value', what: value, text: () => record.decoded },
    {
      label: `Record as JSON${of && ' (user record)'}`,
      objection,
      what: of ? 'the user record, not its aggregate' : 'the record',
      text: () => recordJson(record),
    },
    {
      label: `AWS CLI command${of}`,
      objection: away ?? objection,
      what: `the command${one}`,
      text: () => (subject ? putCommand(record, subject) : ''),
    },
    {
      label: `Lambda event${of}`,
      objection,
      what: eventWords(record, subject?.connection.account),
      text: () => (subject ? lambdaEvent(record, subject) : ''),
    },
    { label: 'Sequence number', what: 'the sequence number', text: () => row.sequenceNumber },
  ];
}

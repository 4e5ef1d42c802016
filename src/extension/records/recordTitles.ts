/** What a record is called where one line has to tell it from others. Pure. */
import { shortSequenceNumber } from '../../kinesis/sequenceNumber.ts';
import type { KeptRecord } from '../../protocol/record.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';

export type NamedRecord = StreamPlace &
  Pick<KeptRecord, 'shardId' | 'sequenceNumber' | 'subSequenceNumber'>;

const within = ({ subSequenceNumber: sub }: NamedRecord): string =>
  sub === undefined ? '' : `.${sub}`;

/** `flights …7098`, `flights …7098.2` of a record within an aggregate. */
export function titleOf(record: NamedRecord): string {
  return `${record.stream} ${shortSequenceNumber(record.sequenceNumber)}${within(record)}`;
}

/** `flights …7098 ↔ flights …7104`, with as much more as tells them apart. */
export function compareTitle(first: NamedRecord, second: NamedRecord): string {
  const forms = [
    titleOf,
    (record: NamedRecord) => `${titleOf(record)} (${record.connection.replace(/^aws:/, '')})`,
    (record: NamedRecord) => `${record.stream} ${record.sequenceNumber}${within(record)}`,
  ];
  const form = forms.find((each) => each(first) !== each(second)) ?? titleOf;
  return `${form(first)} ↔ ${form(second)}`;
}

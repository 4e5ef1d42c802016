/** The usual answer of PutRecords in CBOR. */
import { numberLength, shardDigits } from '../../kinesis/numberSeries.ts';
import { placesWriter } from '../placesWriter.ts';
import { encodeString, headOf } from './encode.ts';
import { LIST, MAP, TEXT, UNSIGNED } from './reader.ts';

const idStart = 'shardId-';
const head =
  headOf(MAP, 2) +
  encodeString('FailedRecordCount') +
  headOf(UNSIGNED, 0) +
  encodeString('Records');

export const placesText = placesWriter({
  headOf: (count) => head + headOf(LIST, count),
  beforeNumber: headOf(MAP, 2) + encodeString('SequenceNumber') + headOf(TEXT, numberLength),
  beforeDigits: encodeString('ShardId') + headOf(TEXT, idStart.length + shardDigits) + idStart,
  end: '',
  separator: '',
  tail: '',
});

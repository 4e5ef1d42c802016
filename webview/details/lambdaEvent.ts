/** The event that a Lambda function gets for one record of an event source mapping. Pure. */
import { formatStreamArn, partitionOf } from '../../src/kinesis/arn.ts';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { base64Of } from './bytes.ts';

/** Stands for an account that no answer has told yet. */
export const unknownAccount = '000000000000';
/** Nobody but the mapping knows the role that a function runs with. */
const roleName = 'lambda-role';

/**
 * JSON with one record, members in the order in which Lambda writes them. Of a record within an aggregate it has that
 * one alone, where Lambda hands over the whole aggregate.
 *
 * @source documented: its members. @source guessed: `partitionKey` of a record without one is empty.
 */
export function lambdaEvent(
  { row, raw }: FullRecord,
  { stream, connection }: PanelSubject,
): string {
  const { region, account = unknownAccount } = connection;
  const partition = connection.partition ?? partitionOf(region);
  const record = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: row.partitionKey,
      sequenceNumber: row.sequenceNumber,
      data: base64Of(raw),
      approximateArrivalTimestamp: row.arrivedMs / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${row.shardId}:${row.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: `arn:${partition}:iam::${account}:role/${roleName}`,
    awsRegion: region,
    eventSourceARN: formatStreamArn({ partition, region, account, name: stream }),
  };
  return JSON.stringify({ Records: [record] }, undefined, 2);
}

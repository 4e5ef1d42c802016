/** DescribeStreamSummary: one stream without its shards. Works in every state. */

import { KIB } from '../../kinesis/limits.ts';
import { consumersOf } from '../consumers.ts';
import { detailsOf } from '../describe.ts';
import { findStream, type Handler } from '../engineParts.ts';
import { openShards } from '../streamEntry.ts';
import { warmThroughputOf } from '../warmThroughput.ts';

export const describeStreamSummary: Handler<'DescribeStreamSummary'> = async (engine, call) => {
  const stream = findStream(engine, call);
  const isWarm = stream.mode === 'ON_DEMAND' && (stream.warmMiBps ?? 0) > 0;
  return {
    StreamDescriptionSummary: {
      ...detailsOf(stream),
      OpenShardCount: openShards(stream).length,
      ConsumerCount: consumersOf(stream).length,
      ...(isWarm && { WarmThroughput: warmThroughputOf(stream) }),
      MaxRecordSizeInKiB: stream.recordBytesMax / KIB,
      ...(stream.mode === 'ON_DEMAND' && {
        RecordDistributionStrategy: stream.distribution ?? 'USER_PARTITION_KEY',
      }),
    },
  };
};

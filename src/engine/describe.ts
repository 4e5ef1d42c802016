/** What DescribeStream, DescribeStreamSummary and ListStreams say alike of a stream. */
import { formatStreamArn, partitionOf } from '../kinesis/arn.ts';
import { toldEncryption } from './encryption.ts';
import type { ShardMetric } from './monitoring.ts';
import type { StreamEntry } from './streamEntry.ts';

export function arnOf({ account, region, name }: StreamEntry): string {
  return formatStreamArn({ partition: partitionOf(region), region, account, name });
}

/** AWS shows whole seconds. @source measured */
export const createdAt = ({ createdMs }: StreamEntry): Date =>
  new Date(Math.floor(createdMs / 1000) * 1000);

export const metricsOf = ({ metrics = [] }: StreamEntry): ShardMetric[] => [...metrics];

/** The members all three have. */
export function summaryOf(stream: StreamEntry) {
  return {
    StreamName: stream.name,
    StreamARN: arnOf(stream),
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    StreamCreationTimestamp: createdAt(stream),
  };
}

/** The members the two Describe operations have beside those. */
export function detailsOf(stream: StreamEntry) {
  return {
    ...summaryOf(stream),
    RetentionPeriodHours: stream.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: metricsOf(stream) }],
    ...toldEncryption(stream),
  };
}

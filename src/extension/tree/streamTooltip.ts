/** What the pointer finds out about a stream: asked for when it rests on the row, not before. */
import * as vscode from 'vscode';
import type { ShardCounters } from '../../admin/counters.ts';
import { messageOf } from '../../base/errors.ts';
import type { KinesisApi } from '../../kinesis/kinesisApi.ts';
import type { StreamDescriptionSummary } from '../../kinesis/operations/describeStreamSummary.ts';
import { connectionPhrase } from '../connections/connection.ts';
import { counted } from './labels.ts';
import type { StreamNode } from './nodes.ts';
import { trafficLines } from './trafficText.ts';

export interface StreamSources {
  readonly kinesis: KinesisApi;
  /** What was counted in the last minute; undefined where nobody counts. */
  readonly traffic: readonly ShardCounters[] | undefined;
}

/** Never rejects: what could not be learned is said. */
export async function streamTooltip(
  node: StreamNode,
  { kinesis, traffic }: StreamSources,
): Promise<vscode.MarkdownString> {
  const where = escaped(connectionPhrase(node.info));
  const lines = [`**${escaped(node.stream)}** on ${where}`, escaped(node.summary.StreamARN)];
  try {
    const answer = await kinesis.describeStreamSummary({ StreamName: node.stream });
    lines.push(...factsOf(answer.StreamDescriptionSummary).map(escaped));
  } catch (thrown) {
    lines.push(`Its details could not be read: ${escaped(messageOf(thrown))}`);
  }
  if (traffic) lines.push(...trafficLines(traffic).map(escaped));
  return new vscode.MarkdownString(lines.join('\n\n'));
}

/** Names and error texts are not ours: nothing in them is markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&');
}

function factsOf(summary: StreamDescriptionSummary): string[] {
  const { StreamStatus, OpenShardCount, RetentionPeriodHours, ConsumerCount = 0 } = summary;
  const mode = summary.StreamModeDetails?.StreamMode === 'ON_DEMAND' ? 'on-demand' : 'provisioned';
  const isEncrypted = summary.EncryptionType === 'KMS';
  return [
    `${StreamStatus}, ${counted(OpenShardCount, 'open shard')}, ${mode}`,
    `Retention: ${counted(RetentionPeriodHours, 'hour')}`,
    isEncrypted ? `Encrypted with KMS key ${summary.KeyId ?? '(unknown)'}` : 'Not encrypted',
    `Created ${summary.StreamCreationTimestamp.toISOString()}, ${counted(ConsumerCount, 'consumer')}`,
  ];
}

/** What the window takes of a shard on AWS that other consumers read too: `reads 1 of 5/s`. */

import { shardBytesOutPerSecond, shardReadsPerSecond } from '../../src/kinesis/limits.ts';
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { TailReads } from '../../src/protocol/tail.ts';
import { Fact } from '../controls/Fact.tsx';
import { formatBytes, formatBytesOf, formatPerSecond, plural } from '../format.ts';
import './reads.css';

function explained(reads: TailReads): string {
  const { shardId, callsPerSecond, bytesPerSecond, share, heldBackCount } = reads;
  const most = `Shard ${shortShardId(shardId)}, which is read most, gives this window ${formatPerSecond(callsPerSecond)} of ${shardReadsPerSecond} calls and ${formatBytesOf(bytesPerSecond, shardBytesOutPerSecond)} a second`;
  const why = `all its readers share ${shardReadsPerSecond} calls and ${formatBytes(shardBytesOutPerSecond)} a second, your own consumers too`;
  const held =
    heldBackCount > 0
      ? ` ${plural(heldBackCount, 'shard')} refused reads and ${heldBackCount === 1 ? 'is' : 'are'} asked less often until they pass.`
      : '';
  return `${most}: ${Math.round(share * 100)} %. On AWS ${why}.${held} The setting shardscope.tail.awsReadsPerSecond says how often a shard is asked.`;
}

export function Reads({ reads }: { reads: TailReads }) {
  const isHeldBack = reads.heldBackCount > 0;
  return (
    <Fact class="foot-reads" label="Reads" words={explained(reads)}>
      reads {formatPerSecond(reads.callsPerSecond)} of {shardReadsPerSecond}/s
      {isHeldBack && <span class="foot-held">, held back</span>}
    </Fact>
  );
}

// Reads every listed shard of a stream from TRIM_HORIZON with the plain AWS SDK and writes one JSON
// line per record: node readAll.mjs ENDPOINT STREAM OUTPUT. It knows nothing of Shardscope.
import { createWriteStream } from 'node:fs';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';

const [endpoint, StreamName, output] = process.argv.slice(2);
const client = new KinesisClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'reader', secretAccessKey: 'reader' },
});
const out = createWriteStream(output);

/** A closed shard is read to its null iterator, an open one until nothing is behind. */
async function readShard(ShardId) {
  const input = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(input));
  while (ShardIterator) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    for (const record of page.Records) {
      const { SequenceNumber: sequenceNumber, PartitionKey: partitionKey } = record;
      const data = Buffer.from(record.Data).toString('base64');
      out.write(`${JSON.stringify({ shardId: ShardId, sequenceNumber, partitionKey, data })}\n`);
    }
    if (page.MillisBehindLatest === 0 && page.Records.length === 0) return;
    ShardIterator = page.NextShardIterator;
  }
}

let input = { StreamName };
while (input) {
  const { Shards, NextToken } = await client.send(new ListShardsCommand(input));
  for (const { ShardId } of Shards) await readShard(ShardId);
  input = NextToken && { NextToken };
}
client.destroy();
out.end();

// A small consumer, as one writes it for AWS: it knows no endpoint. Start it with F5 while the sample
// runs; the extension gives the launch the address of the local engine.
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';

const StreamName = process.env.STREAM ?? 'flights';
const client = new KinesisClient({});
const delays = new Map();

/** Keeps the mean delay of each origin airport. */
function handle({ origin, delay }) {
  const seen = delays.get(origin) ?? { count: 0, minutes: 0 };
  seen.count += 1;
  seen.minutes += delay;
  delays.set(origin, seen);
  if (seen.count % 50 === 0) {
    console.log(
      `${origin}: ${seen.count} flights, ${(seen.minutes / seen.count).toFixed(1)} minutes late`,
    );
  }
}

/** Reads one shard to its end; resolves to the shards that go on from it. */
async function readShard(ShardId, ShardIteratorType) {
  const start = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType }),
  );
  let ShardIterator = start.ShardIterator;
  while (ShardIterator) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 500 }));
    for (const record of page.Records) {
      const flight = JSON.parse(new TextDecoder().decode(record.Data));
      handle(flight);
    }
    if (!page.NextShardIterator) return page.ChildShards ?? [];
    ShardIterator = page.NextShardIterator;
    if (page.Records.length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return [];
}

const started = new Set();

/** Follows a shard and then its children, each once. */
async function follow(shardId, from) {
  if (started.has(shardId)) return;
  started.add(shardId);
  const children = await readShard(shardId, from);
  await Promise.all(children.map((child) => follow(child.ShardId, 'TRIM_HORIZON')));
}

const { Shards } = await client.send(new ListShardsCommand({ StreamName }));
for (const shard of Shards) {
  const isOpen = !shard.SequenceNumberRange.EndingSequenceNumber;
  if (isOpen) void follow(shard.ShardId, 'TRIM_HORIZON');
}

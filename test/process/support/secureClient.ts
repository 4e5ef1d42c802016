// A client as users have it: AWS's own, by default, at an https:// endpoint. What it trusts is NODE_EXTRA_CA_CERTS' to
// say. Arguments: the endpoint, http1 or http2. Prints what came back as a line of JSON.
import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const [endpoint, version] = process.argv.slice(2);
const StreamName = 'orders';
const ShardId = 'shardId-000000000000';

const client = new KinesisClient({
  endpoint: endpoint!,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
  ...(version === 'http1' && { requestHandler: new NodeHttpHandler() }),
});

/** The first record's data that a subscription brings. */
async function pushed(StreamARN: string): Promise<string> {
  const named = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: `c-${version}` });
  const { ConsumerARN } = (await client.send(named)).Consumer!;
  for (;;) {
    try {
      const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
      const asked = new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition });
      for await (const event of (await client.send(asked)).EventStream!) {
        const [record] = event.SubscribeToShardEvent?.Records ?? [];
        if (record) return Buffer.from(record.Data!).toString();
      }
    } catch (error) {
      if ((error as Error).name !== 'ResourceInUseException') throw error; // it is being made
    }
  }
}

const Data = Buffer.from('hello');
await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data }));
const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
const { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
const read = Buffer.from(Records![0]!.Data!).toString();
const told = await pushed(summary.StreamDescriptionSummary!.StreamARN!);
process.stdout.write(`${JSON.stringify({ read, told })}\n`);
process.exit(0); // the subscription is still open

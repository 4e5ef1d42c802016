// Eight publishers with the plain AWS SDK that never give up, each with several calls in flight:
// node publishers.mjs ENDPOINT STREAM ACKNOWLEDGEMENTS [RECORDS A SECOND]. Every acknowledgement goes to the file before
// anything else happens, one JSON line each. Every attempt has an id of its own, so a put that was
// stored but not acknowledged is never taken for another. Ends when its input ends.
import { appendFileSync } from 'node:fs';
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';

const [endpoint, StreamName, file, rate = 'Infinity'] = process.argv.slice(2);
const startedMs = performance.now();
const publishers = 8;
const inFlight = 3;
let stopping = false;
let attempts = 0;
let acknowledged = 0;
let failures = 0;

process.stdin.on('end', () => {
  stopping = true;
});
process.stdin.resume();
process.stdout.on('error', () => process.exit(1)); // nobody listens any more

function acknowledge(lines) {
  appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  acknowledged += lines.length;
  if (acknowledged % 20 < lines.length) process.stdout.write(`acknowledged ${acknowledged}\n`);
}

async function putOne(client, partitionKey) {
  const id = `${partitionKey}-${attempts++}`;
  const input = { StreamName, PartitionKey: partitionKey, Data: Buffer.from(id) };
  const { ShardId, SequenceNumber } = await client.send(new PutRecordCommand(input));
  acknowledge([{ id, shardId: ShardId, sequenceNumber: SequenceNumber }]);
}

async function putMany(client, partitionKey) {
  const ids = Array.from({ length: 20 }, () => `${partitionKey}-${attempts++}`);
  const Records = ids.map((id) => ({ PartitionKey: id, Data: Buffer.from(id.repeat(20)) }));
  const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
  const stored = answer.Records.map(({ ShardId, SequenceNumber }, index) => ({
    id: ids[index],
    shardId: ShardId,
    sequenceNumber: SequenceNumber,
  }));
  acknowledge(stored.filter((entry) => entry.sequenceNumber));
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 25));

async function publish(client, key) {
  for (let turn = 0; !stopping; turn++) {
    try {
      await (turn % 4 === 3 ? putMany(client, key) : putOne(client, key));
    } catch {
      failures++;
    }
    while (attempts * 1000 > (performance.now() - startedMs) * Number(rate) && !stopping)
      await pause();
    await pause(); // the machine is shared with the window that is tested
  }
}

const clients = Array.from(
  { length: publishers },
  () =>
    new KinesisClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'publisher', secretAccessKey: 'publisher' },
      maxAttempts: 1,
    }),
);
await Promise.all(
  clients.flatMap((client, index) =>
    Array.from({ length: inFlight }, (_, lane) => publish(client, `publisher-${index}-${lane}`)),
  ),
);
process.stdout.write(`${JSON.stringify({ acknowledged, attempts, failures })}\n`);
for (const client of clients) client.destroy();

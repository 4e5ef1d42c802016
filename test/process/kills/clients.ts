// Sixteen clients with a call in flight each, in a process of their own that nobody kills. Every
// acknowledgement is in the file before anything else happens. Endpoints come as messages.
import { appendFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { call, Refused } from './call.ts';
import { recordOf, type WrittenRecord } from './content.ts';
import type { Acknowledged, Endpoint } from './messages.ts';

const [StreamName, file] = process.argv.slice(2) as [string, string];
const CLIENTS = 16;
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

let engine: Endpoint | undefined;
let acknowledged = 0;
const waiting: (() => void)[] = [];

process.on('message', (message: Endpoint) => {
  engine = message;
  for (const go of waiting.splice(0)) go();
});

/** The engine, once it lives another life than the one that did not answer. */
async function engineAfter(life: number): Promise<Endpoint> {
  while (!engine || engine.life <= life) {
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  return engine;
}

interface Place {
  readonly ShardId?: string;
  readonly SequenceNumber?: string;
}

/** One of four puts is a PutRecords. */
async function put(at: string, records: readonly WrittenRecord[]): Promise<readonly Place[]> {
  const options = { endpoint: at, agent };
  if (records.length === 1) {
    return [await call<Place>('PutRecord', { StreamName, ...records[0]!.input }, options)];
  }
  const Records = records.map(({ input }) => input);
  const answer = await call<{ Records: Place[] }>('PutRecords', { StreamName, Records }, options);
  return answer.Records;
}

function acknowledge(records: readonly WrittenRecord[], places: readonly Place[]): void {
  const lines = places.flatMap(({ ShardId: shard, SequenceNumber: number }, index) => {
    if (!shard || !number) return [];
    const line: Acknowledged = { id: records[index]!.id, shard, number };
    return [`${JSON.stringify(line)}\n`];
  });
  appendFileSync(file, lines.join(''));
  acknowledged += lines.length;
  process.send!({ acknowledged });
}

async function runClient(client: number): Promise<void> {
  let deadLife = 0;
  for (let turn = 0; ; ) {
    const { endpoint, life } = await engineAfter(deadLife);
    const count = turn % 4 === 3 ? 5 : 1;
    const records = Array.from({ length: count }, () => recordOf(client, turn++));
    try {
      acknowledge(records, await put(endpoint, records));
    } catch (error) {
      if (!(error instanceof Refused)) deadLife = life;
    }
  }
}

for (let client = 0; client < CLIENTS; client++) void runClient(client);

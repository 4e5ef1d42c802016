// The load on a panel: documents as they are in streams, put by the bench's light client.
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../client.ts';
import { requestOf } from '../requests.ts';
import { checkPut } from '../streams.ts';

const airports = ['ATL', 'BOS', 'DEN', 'DFW', 'JFK', 'LAX', 'ORD', 'SFO'];

function documentOf(index: number, bytes: number): string {
  const text = JSON.stringify({
    id: index,
    origin: airports[index % 8],
    destination: airports[(index * 7 + 3) % 8],
    date: '2001-02-11T14:05',
    carrier: { code: 'UA', name: 'United Air Lines Inc.' },
    delay: index % 1000,
    note: '',
  });
  const note = `flight ${index} on its way, `.repeat(50).slice(0, bytes - text.length);
  return text.replace('"note":""', `"note":"${note}"`);
}

export interface Documents {
  readonly stream: string;
  readonly bytes: number;
  /** Of each request. */
  readonly records: number;
}

const differentRequests = 32;

export function documentRequests({ stream, bytes, records }: Documents): Buffer[] {
  return Array.from({ length: differentRequests }, (_, request) => {
    const Records = Array.from({ length: records }, (_, index) => ({
      Data: Buffer.from(documentOf(request * records + index, bytes)).toString('base64'),
      PartitionKey: `key-${randomBytes(6).toString('hex')}`,
    }));
    return requestOf('PutRecords', { StreamName: stream, Records });
  });
}

export interface Rate extends Documents {
  readonly recordsPerSecond: number;
  readonly seconds: number;
}

/** Puts at the rate for so long; a put that is late is not left out. Resolves to the number acknowledged. */
export async function putAtRate(client: Client, rate: Rate): Promise<number> {
  const { records, recordsPerSecond, seconds } = rate;
  const requests = documentRequests(rate);
  const calls = (seconds * recordsPerSecond) / records;
  const began = performance.now();
  for (let call = 0; call < calls; call++) {
    const dueMs = began + (call * records * 1000) / recordsPerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await pause(waitMs);
    checkPut(await client.send(requests[call % requests.length]!));
  }
  return calls * records;
}

/** Puts `count` records as fast as they are taken. */
export async function putAll(client: Client, count: number, documents: Documents): Promise<void> {
  const requests = documentRequests(documents);
  await client.refresh();
  await client.drive(count / documents.records, { requests, check: checkPut });
}

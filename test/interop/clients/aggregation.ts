// aws-kinesis-agg for Node and for Python: records go out aggregated as the KPL does it, and are taken apart again.
import { createRequire } from 'node:module';
import path from 'node:path';
import { type _Record, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { interopDir } from '../../../tools/paths.mjs';
import type { WorkRecord } from '../support/workload.ts';
import type { Client } from './client.ts';
import { runPython } from './python.ts';
import { runSdk, type SdkOptions } from './sdkJs.ts';
import { entryOf } from './sdkWriter.ts';

const load = createRequire(path.join(interopDir, 'package.json'));

interface UserRecord {
  readonly partitionKey: string;
  readonly explicitHashKey: string;
  readonly data: Buffer;
}

/** What we use of it; its own types are of an older form of records. */
interface Aggregation {
  readonly RecordAggregator: new () => {
    addUserRecord(record: UserRecord): void;
    build(): { readonly partitionKey: string; readonly data: Buffer };
  };
  deaggregateSync(
    record: { partitionKey: string; sequenceNumber: string; data: string },
    isChecked: boolean,
    callback: (error: Error | null, records: readonly UserRecord[]) => void,
  ): void;
}

const library = (): Aggregation => load('aws-kinesis-agg') as Aggregation;

/** The hash key that decides the shard of a record: one for each key, so that its order is kept. */
function placeOf({ key, explicitHashKey }: WorkRecord): string {
  return explicitHashKey ?? (BigInt(key.length % 2) << 127n).toString();
}

function aggregate(place: string, records: readonly WorkRecord[]) {
  const aggregator = new (library().RecordAggregator)();
  for (const { key, data } of records) {
    aggregator.addUserRecord({ partitionKey: key, explicitHashKey: place, data });
  }
  const { partitionKey, data } = aggregator.build();
  return { PartitionKey: partitionKey, ExplicitHashKey: place, Data: data };
}

/** A batch is an aggregate for each place; what is put alone is a plain record between them. */
const aggregatedPuts: SdkOptions['puts'] = (client, stream) => ({
  async put(record) {
    const entry = { ...entryOf(record), ExplicitHashKey: placeOf(record) };
    await client.send(new PutRecordCommand({ StreamName: stream, ...entry }));
  },
  async batch(records) {
    const places = [...new Set(records.map(placeOf))];
    const Records = places.map((place) =>
      aggregate(
        place,
        records.filter((record) => placeOf(record) === place),
      ),
    );
    const answer = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
    if (answer.FailedRecordCount) throw new Error(`${answer.FailedRecordCount} records failed`);
  },
});

function unpackAggregate(record: _Record): { key: string; data: Buffer }[] {
  let found: { key: string; data: Buffer }[] = [];
  const outer = {
    partitionKey: record.PartitionKey!,
    sequenceNumber: record.SequenceNumber!,
    data: Buffer.from(record.Data!).toString('base64'),
  };
  library().deaggregateSync(outer, true, (error, records) => {
    if (error) throw error;
    found = records.map(({ partitionKey, data }) => ({
      key: partitionKey,
      data: Buffer.from(String(data), 'base64'),
    }));
  });
  return found;
}

function nodeVersion(): string {
  return (load('aws-kinesis-agg/package.json') as { version: string }).version;
}

export const aggregationClients: readonly Client[] = [
  {
    name: 'aws-kinesis-agg for Node',
    needs: 'npm',
    did: 'aggregates by PutRecords, taken apart after GetRecords',
    async run(stage) {
      const options = { puts: aggregatedPuts, unpack: unpackAggregate };
      const outcome = await runSdk({ version: 'HTTP/2', how: 'polling', ...options })(stage);
      return { ...outcome, version: nodeVersion() };
    },
  },
  {
    name: 'aws_kinesis_agg for Python',
    needs: 'python',
    did: 'aggregates by put_records, taken apart after get_records',
    run: runPython('aggregated'),
  },
];

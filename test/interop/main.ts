// npm run test:interop [-- --only=boto3,kcl]: real clients against a real engine, each through a split,
// a merge and an UpdateShardCount. Prints a table; ends with 1 when any lost, doubled or disordered a record.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { plainText, tableOf } from '../bench/table.ts';
import { aggregationClients } from './clients/aggregation.ts';
import { awsCliClient } from './clients/awsCli.ts';
import type { Client, Stage } from './clients/client.ts';
import { javaClients } from './clients/java.ts';
import { kplClients } from './clients/kpl.ts';
import { lifionClients } from './clients/lifion.ts';
import { pythonClients } from './clients/python.ts';
import { sdkJsClients } from './clients/sdkJs.ts';
import type { Server } from './support/processes.ts';
import { startDynamoDb, startEngine } from './support/servers.ts';
import { setUp } from './support/setup.ts';
import { complaints } from './support/verdict.ts';

const clients: readonly Client[] = [
  ...sdkJsClients,
  ...pythonClients,
  awsCliClient,
  ...aggregationClients,
  ...lifionClients,
  ...javaClients,
  ...kplClients,
];

interface Row {
  readonly client: Client;
  readonly version: string;
  readonly records: number;
  readonly seconds: number;
  /** What went wrong, in sentences. */
  readonly complaints: readonly string[];
}

async function runClient(client: Client, stage: Stage): Promise<Row> {
  const startedMs = performance.now();
  const row = (result: Pick<Row, 'version' | 'records' | 'complaints'>): Row => ({
    client,
    seconds: (performance.now() - startedMs) / 1000,
    ...result,
  });
  const failed = (why: string): Row => row({ version: '?', records: 0, complaints: [why] });
  const problem = await setUp(client.needs);
  if (problem !== undefined) return failed(problem);
  try {
    const { version, put, got, complaints: own = [] } = await client.run(stage);
    return row({ version, records: got.length, complaints: [...complaints(put, got), ...own] });
  } catch (error) {
    return failed(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

const verdict = ({ complaints: found }: Row): string => (found.length === 0 ? 'passed' : 'FAILED');

function report(rows: readonly Row[]): void {
  const lines = rows.map((row) => [
    row.client.name,
    row.version,
    row.client.did,
    String(row.records),
    row.seconds.toFixed(1),
    verdict(row),
  ]);
  const head = ['client', 'version', 'what it did', 'records', 'seconds', 'verdict'];
  console.log(`\n${plainText(tableOf(head, lines))}\n`);
  console.log(
    '  Each: 2 shards, a split, a merge, UpdateShardCount to 4, read while it was written (by the CLI: then).\n',
  );
  for (const row of rows) {
    for (const text of row.complaints)
      console.log(`${row.client.name}, ${row.client.did}: ${text}`);
  }
  const failedCount = rows.filter((row) => row.complaints.length > 0).length;
  console.log(`${rows.length - failedCount} passed, ${failedCount} failed`);
  process.exitCode = failedCount === 0 ? 0 : 1;
}

async function runAll(chosen: readonly Client[], folder: string): Promise<void> {
  const engine = await startEngine(path.join(folder, 'data'));
  let dynamoDb: Promise<Server> | undefined;
  const rows: Row[] = [];
  try {
    for (const [index, client] of chosen.entries()) {
      const own = path.join(folder, `client-${index}`);
      mkdirSync(own);
      const row = await runClient(client, {
        endpoint: engine.address,
        tls: engine.tls,
        dynamoDb: async () => {
          dynamoDb ??= startDynamoDb();
          return (await dynamoDb).address;
        },
        folder: own,
        name: `interop-${index}`,
      });
      const { seconds, records } = row;
      console.log(
        `${client.name}, ${client.did}: ${verdict(row)}, ${records} records, ${seconds.toFixed(1)} s`,
      );
      rows.push(row);
    }
  } finally {
    const server = await dynamoDb?.catch(() => undefined);
    await server?.stop();
    await engine.stop();
  }
  report(rows);
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const words = values.only.toLowerCase().split(',');
const chosen = clients.filter(({ name, did }) =>
  words.some((word) => `${name} ${did}`.toLowerCase().includes(word)),
);
const folder = mkdtempSync(path.join(tmpdir(), 'shardscope-interop-'));
try {
  await runAll(chosen, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

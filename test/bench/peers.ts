// Other local Kinesis servers, started as each of them needs, with its delays off and its own limits
// lifted, so that what is measured is its work.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Contender } from './contenders.ts';
import { newFolder } from './folders.ts';
import type { BenchOptions } from './options.ts';
import { BenchServer, freePort, type ServerOptions } from './server.ts';

const modules = path.resolve(import.meta.dirname, '../../tools/peers/node_modules');

/** More than any workload creates. */
const shardLimit = '1000000';

/** A peer of ours: how it is started on a port, and what it is spared. */
interface Peer extends Pick<Contender, 'name' | 'pace'> {
  command(port: number): Promise<Omit<ServerOptions, 'name' | 'port' | 'core'>>;
}

const delays = ['--createStreamMs', '0', '--deleteStreamMs', '0', '--updateStreamMs', '0'];

/** In memory. */
const kinesalite: Peer = {
  name: 'kinesalite',
  pace: { share: 0.3, warmUpRounds: 2, hasFreshStreams: false, readRecords: 50_000 },
  command: async (port) => ({
    argv: [
      process.execPath,
      path.join(modules, 'kinesalite/cli.js'),
      ...['--port', String(port), '--shardLimit', shardLimit, ...delays],
    ],
  }),
};

const durations = [
  'CREATE_STREAM_DURATION',
  'DELETE_STREAM_DURATION',
  'SPLIT_SHARD_DURATION',
  'MERGE_SHARDS_DURATION',
  'UPDATE_SHARD_COUNT_DURATION',
];

/**
 * It looks for its certificate in the working directory, so it is told where that is. Its code is
 * warm after about 3,000 calls, and its puts cost more with every record of a shard: so it is warmed
 * up for long and then given few calls, each round on an empty stream.
 */
const kinesisLocal: Peer = {
  name: 'kinesis-local',
  pace: { share: 0.05, warmUpRounds: 10, hasFreshStreams: true, readRecords: 10_000 },
  command: async (port) => ({
    argv: [process.execPath, path.join(modules, 'kinesis-local/main.js')],
    env: {
      KINESIS_MOCK_CERT_PATH: path.join(modules, 'kinesis-local/server.json'),
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(await freePort()),
      SHARD_LIMIT: shardLimit,
      LOG_LEVEL: 'ERROR',
      ...Object.fromEntries(durations.map((name) => [name, '0ms'])),
    },
  }),
};

const ferroDelays = ['--create-stream-ms', '0', '--delete-stream-ms', '0'];

function ferrokinesisOn(port: number, binary: string): string[] {
  const place = ['--port', String(port), '--shard-limit', shardLimit, '--log-level', 'off'];
  return [binary, ...place, ...ferroDelays, '--max-request-body-mb', '64'];
}

const ferrokinesis = (binary: string): Peer => ({
  name: 'ferrokinesis',
  pace: { share: 1, warmUpRounds: 2, hasFreshStreams: false, readRecords: 200_000 },
  command: async (port) => ({ argv: ferrokinesisOn(port, binary) }),
});

/** Its durable mode writes the whole state for each put: few calls, each round on an empty stream. */
const ferrokinesisDurable = (binary: string): Peer => ({
  name: 'ferrokinesis durable',
  pace: { share: 0.05, warmUpRounds: 2, hasFreshStreams: true, readRecords: 2000 },
  command: async (port) => {
    const folder = newFolder('ferrokinesis');
    return { argv: [...ferrokinesisOn(port, binary), '--state-dir', folder], folder };
  },
});

/** A program on the PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

function contenderOf({ name, pace, command }: Peer, { core }: BenchOptions): Contender {
  return {
    name,
    pace,
    start: async () => {
      const port = await freePort();
      return BenchServer.start({ name, port, core, ...(await command(port)) });
    },
  };
}

/** The peers that are here, and a sentence for each that is not. */
export function peers(options: BenchOptions): { found: Contender[]; absent: string[] } {
  const isInstalled = existsSync(modules);
  const binary = onPath('ferrokinesis');
  const found = [
    ...(isInstalled ? [kinesalite, kinesisLocal] : []),
    ...(binary ? [ferrokinesis(binary), ferrokinesisDurable(binary)] : []),
  ];
  const absent = [
    ...(isInstalled ? [] : ['kinesalite and kinesis-local are installed by npm run bench']),
    ...(binary ? [] : ['ferrokinesis is not on the PATH: cargo install ferrokinesis']),
  ];
  return { found: found.map((peer) => contenderOf(peer, options)), absent };
}

// The thread of the engine and server that are fuzzed: whoever sends the requests sees a hang or an end of it.
import { parentPort, workerData } from 'node:worker_threads';
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import type { TlsIdentity } from '../../src/server/tlsConnections.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { ConnectionStories } from './connectionStories.ts';
import { knownOf } from './known.ts';
import type { FromTarget, ToTarget } from './target.ts';

const { sources, folder, tls } = workerData as {
  sources: string;
  folder: string;
  tls: TlsIdentity;
};
const load = <T>(file: string): Promise<T> => import(new URL(file, sources).href) as Promise<T>;

const { Engine } = await load<typeof import('../../src/engine/engine.ts')>('engine/engine.ts');
const { startServer } = await load<typeof import('../../src/server/server.ts')>('server/server.ts');
const { operations } =
  await load<typeof import('../../src/kinesis/operations.ts')>('kinesis/operations.ts');
const { nodeClock } = await load<typeof import('../../src/cli/nodeClock.ts')>('cli/nodeClock.ts');
const { nodeCrc32, nodeFiles } =
  await load<typeof import('../../src/engine/log/nodeFiles.ts')>('engine/log/nodeFiles.ts');
const { nodeCipher } =
  await load<typeof import('../../src/cli/nodeCipher.ts')>('cli/nodeCipher.ts');
const { nullLogger } = await load<typeof import('../../src/base/logger.ts')>('base/logger.ts');

const stories = new ConnectionStories();
const say = (message: FromTarget): void => parentPort!.postMessage(message);
const shared = { clock: nodeClock, random: seededRandom(1), logger: nullLogger };
const ports = { ...shared, files: nodeFiles(folder), crc32: nodeCrc32, cipher: nodeCipher };
const engine = await Engine.open(ports, { stateDelays: 0, limits: 'off' });
const server = await startServer({
  ...shared,
  api: counting(engine),
  nonce: 'n'.repeat(32),
  port: 0,
  tlsIdentity: () => Promise.resolve(tls),
});

/** Tells the marks (see `User-Agent`) of the requests that reach an operation. */
function counting(api: KinesisApi): KinesisApi {
  const methods = (Object.keys(operations) as OperationName[]).map((name) => {
    const method = (name[0]!.toLowerCase() + name.slice(1)) as keyof KinesisApi;
    const call = (input: never, context?: { userAgent?: string | undefined }) => {
      if (context?.userAgent !== undefined) say({ type: 'reached', mark: context.userAgent });
      return (api[method] as (...given: unknown[]) => unknown)(input, context);
    };
    return [method, call];
  });
  return Object.fromEntries(methods) as KinesisApi;
}

async function answer(asked: ToTarget): Promise<FromTarget> {
  if (asked.type === 'seed') return { type: 'seeded', known: await knownOf(engine) };
  if (asked.type === 'story') return { type: 'story', story: stories.of(asked.clientPort) };
  await server.close();
  await engine.close();
  return { type: 'closed' };
}

// In the order in which they were asked, which is how the answers are told apart.
let last = Promise.resolve();
parentPort!.on('message', (asked: ToTarget) => {
  last = last.then(async () => say(await answer(asked)));
});
say({ type: 'listening', port: server.port });

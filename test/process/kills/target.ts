// The engine that is killed: the real files, lock and server, with small segments, short delays and a clock that
// can be moved ahead. One JSON argument (TargetOptions); orders come as messages.
import { nullLogger } from '../../../src/base/logger.ts';
import { holdFolder } from '../../../src/cli/engineHost.ts';
import { nodeClock } from '../../../src/cli/nodeClock.ts';
import { nodeRandom } from '../../../src/cli/nodeRandom.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { startServer } from '../../../src/server/server.ts';
import { Aim } from './aim.ts';
import type { Order, TargetOptions } from './messages.ts';

const SEGMENT_BYTES_MAX = 24 * 1024;
const STATE_DELAY_MS = 10;

async function main(options: TargetOptions): Promise<void> {
  let { offsetMs } = options;
  const clock = { ...nodeClock, now: () => nodeClock.now() + offsetMs };
  const aim = new Aim(options.aimFile);
  const { files, lock } = await holdFolder(options.folder, nullLogger);
  const ports = { files: aim.wrap(files), clock, random: nodeRandom, crc32: nodeCrc32 };
  const engine = await Engine.open(
    { ...ports, logger: nullLogger },
    {
      durability: options.durability,
      limits: 'off',
      segmentBytesMax: SEGMENT_BYTES_MAX,
      stateDelays: STATE_DELAY_MS,
    },
  );
  const parts = { api: engine, nonce: lock.nonce, clock, random: nodeRandom, logger: nullLogger };
  const { endpoint } = await startServer({ ...parts, port: 0 });
  process.on('message', (order: Order) => {
    process.send!({ taken: true });
    if ('aim' in order) return aim.at(order.aim, order.call);
    offsetMs = order.offsetMs;
    void engine.removeExpired();
  });
  process.send!({ endpoint });
}

await main(JSON.parse(process.argv[2]!) as TargetOptions);

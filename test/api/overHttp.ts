/**
 * The engine behind its controls and its server, as clients have it, reached by the AWS SDK over loopback: a
 * target of the suite. Puts come to it packed. Its time moves when a case waits, so that no state changes by
 * itself on a slow machine.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeCipher } from '../../src/cli/nodeCipher.ts';
import { nodeClock } from '../../src/cli/nodeClock.ts';
import { nodeRandom } from '../../src/cli/nodeRandom.ts';
import { ControlledEngine } from '../../src/engine/controlledEngine.ts';
import { nodeCrc32, nodeFiles } from '../../src/engine/log/nodeFiles.ts';
import type { EngineSettings } from '../../src/engine/ports.ts';
import { startServer } from '../../src/server/server.ts';
import { TestClock } from '../support/testClock.ts';
import { KinesisCborProtocol } from './cborProtocol.ts';
import { sdkApi } from './sdkApi.ts';
import type { Backend } from './targets.ts';

export const openOverHttp = (
  folder: string,
  settings: Partial<EngineSettings> = {},
): Promise<Backend> => open(folder, { config: {}, settings });

/** The SDK speaks CBOR, as that for Java does unless told otherwise. */
export const openInCbor = (folder: string): Promise<Backend> =>
  open(folder, { config: { protocol: KinesisCborProtocol }, settings: {} });

async function open(
  folder: string,
  { config, settings }: { config: KinesisClientConfig; settings: Partial<EngineSettings> },
): Promise<Backend> {
  const shared = { clock: nodeClock, random: nodeRandom, logger: nullLogger };
  const clock = new TestClock();
  const ports = {
    ...shared,
    clock,
    files: nodeFiles(folder),
    crc32: nodeCrc32,
    cipher: nodeCipher,
  };
  const controlled = await ControlledEngine.open(ports, settings);
  const { api } = controlled;
  const server = await startServer({ ...shared, api, nonce: 'a-nonce', port: 0 });
  const { account, region } = controlled.engine.settings;
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const sdk = sdkApi({ endpoint: server.endpoint, region, credentials, ...config });
  const close = async () => {
    sdk.close();
    await server.close();
    await controlled.close();
  };
  const { endpoint } = server;
  const pass = async () => {
    await clock.advance(50);
    await wait(1);
  };
  return { api: sdk.api, account, region, endpoint, pass, close };
}

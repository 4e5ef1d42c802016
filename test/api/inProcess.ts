/** The engine in this process as a target of the conformance suite. Time moves when a case waits. */
import { setTimeout as wait } from 'node:timers/promises';
import { nullLogger } from '../../src/base/logger.ts';
import { nodeCipher } from '../../src/cli/nodeCipher.ts';
import { Engine } from '../../src/engine/engine.ts';
import { nodeCrc32, nodeFiles } from '../../src/engine/log/nodeFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import type { Backend } from './targets.ts';

export async function openInProcess(folder: string): Promise<Backend> {
  const clock = new TestClock();
  const engine = await Engine.open({
    files: nodeFiles(folder),
    clock,
    random: seededRandom(1),
    logger: nullLogger,
    crc32: nodeCrc32,
    cipher: nodeCipher,
  });
  const { account, region } = engine.settings;
  const pass = async () => {
    await clock.advance(50);
    // The folder is a real one, whose writes take real time.
    await wait(1);
  };
  return { api: engine, account, region, pass, close: () => engine.close() };
}

// A real engine behind a real port in this process, on the machine's clock and a folder of its own.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../../src/base/clock.ts';
import { nullLogger } from '../../../src/base/logger.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { nodeCrc32, nodeFiles } from '../../../src/engine/log/nodeFiles.ts';
import type { EngineSettings } from '../../../src/engine/ports.ts';
import type { LocalConnection } from '../../../src/protocol/connection.ts';
import { type RunningServer, startServer } from '../../../src/server/server.ts';
import { nodeClock, nodeRandom } from '../../../src/worker/nodeClock.ts';

const nonce = randomBytes(16).toString('hex');

export class LocalEngine {
  readonly engine: Engine;
  private readonly folder: string;
  private readonly port: number;
  private server: RunningServer;

  private constructor(parts: { engine: Engine; folder: string; server: RunningServer }) {
    this.engine = parts.engine;
    this.folder = parts.folder;
    this.server = parts.server;
    this.port = parts.server.port;
  }

  /** `clock`: as somebody moved the engine's. */
  static async start(
    settings: Partial<EngineSettings> = {},
    clock: Clock = nodeClock,
  ): Promise<LocalEngine> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'engine-'));
    const ports = {
      files: nodeFiles(folder),
      clock,
      random: nodeRandom,
      logger: nullLogger,
      crc32: nodeCrc32,
    };
    const engine = await Engine.open(ports, settings);
    return new LocalEngine({ engine, folder, server: await serve(engine, 0) });
  }

  get connection(): LocalConnection {
    const { endpoint } = this.server;
    return { kind: 'local', id: 'local', endpoint, nonce, region: 'us-east-1' };
  }

  async untilActive(StreamName: string): Promise<void> {
    for (;;) {
      const { StreamDescriptionSummary } = await this.engine.describeStreamSummary({ StreamName });
      if (StreamDescriptionSummary.StreamStatus === 'ACTIVE') return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Nobody answers at the port until `comeBack`. */
  async goAway(): Promise<void> {
    await this.server.close();
  }

  async comeBack(): Promise<void> {
    this.server = await serve(this.engine, this.port);
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const serve = (engine: Engine, port: number): Promise<RunningServer> =>
  startServer({
    api: engine,
    nonce,
    clock: nodeClock,
    random: nodeRandom,
    logger: nullLogger,
    port,
  });

/** `shardscope serve`: an engine in the foreground, or owned by the extension, until it is told to end. */
import { homedir } from 'node:os';
import path from 'node:path';
import { DisposableStore } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { isAlive } from '../process/alive.ts';
import type { AccessKey } from '../server/auth/accessKey.ts';
import { KeysMistake, readKeysFile } from '../server/auth/keysFile.ts';
import { announceFailure, announceReady } from './announce.ts';
import { tuneCollector } from './collector.ts';
import { defaultFolder } from './defaultFolder.ts';
import { closeAll, type EngineHost, type HeldFolder, holdFolder, startHost } from './engineHost.ts';
import { BoundedFile, lineLogger, teeLogger } from './engineLog.ts';
import { exitCodes, StartFailure } from './exitCodes.ts';
import { watchIdle, watchOwner } from './lifeWatch.ts';
import { nodeClock } from './nodeClock.ts';
import type { ServeOptions } from './options.ts';
import { version } from './version.ts';

/** Closing takes longer than this only when a disk hangs. */
const closeMs = 15_000;

/** Resolves to the exit code once the engine has ended. Rejects only for a defect. */
export async function serve(options: ServeOptions): Promise<number> {
  tuneCollector();
  const run = new ServeRun(options);
  try {
    await run.start();
  } catch (thrown) {
    await run.close();
    if (!(thrown instanceof StartFailure)) throw thrown;
    await announceFailure(thrown, options.owned);
    return thrown.exitCode;
  }
  return run.ended;
}

class ServeRun {
  readonly ended: Promise<number>;
  private readonly options: ServeOptions;
  private readonly watches = new DisposableStore();
  private readonly resolveEnded: (code: number) => void;
  private logger: Logger;
  private file: BoundedFile | undefined;
  private held: HeldFolder | undefined;
  private host: EngineHost | undefined;
  private isReady = false;
  private asked: { code: number; why: string } | undefined;

  constructor(options: ServeOptions) {
    this.options = options;
    this.logger = lineLogger(options.logLevel, (line) => process.stderr.write(line));
    let resolveEnded: (code: number) => void = () => undefined;
    this.ended = new Promise((resolve) => {
      resolveEnded = resolve;
    });
    this.resolveEnded = resolveEnded;
  }

  async start(): Promise<void> {
    this.listenToProcess();
    const { options } = this;
    const machine = { platform: process.platform, home: homedir(), env: process.env };
    const folder = path.resolve(options.data ?? defaultFolder(machine));
    const keys = await keysOf(options);
    this.held = await holdFolder(folder, this.logger);
    this.openLog(folder);
    this.held.lock.onLost(() => this.end(exitCodes.held, 'the data folder is no longer ours'));
    this.host = await this.startHost(this.held, keys);
    const { endpoint } = this.host.server;
    await this.held.lock.setEndpoint(endpoint);
    if (options.init.length > 0) await this.host.engine.ensureStreams(options.init);
    this.logger.info(`version ${version}, process ${process.pid}, at ${endpoint}`);
    for (const notice of this.host.engine.notices) this.logger.warn(notice);
    this.watch();
    await announceReady({ endpoint, nonce: this.held.lock.nonce, folder }, options.owned);
    this.isReady = true;
    if (this.asked) this.end(this.asked.code, this.asked.why);
  }

  async close(): Promise<void> {
    this.watches.dispose();
    await closeAll({ host: this.host, lock: this.held?.lock }, this.logger);
    this.file?.close();
  }

  /** Ends the run, once; while it starts, as soon as it has started. */
  private end(code: number, why: string): void {
    if (this.asked && this.isReady) return;
    this.asked = { code, why };
    if (!this.isReady) return;
    this.logger.info(`ending: ${why}`);
    nodeClock.schedule(closeMs, () => {
      this.logger.error('closing takes too long: ending without it');
      process.exit(exitCodes.defect);
    });
    void this.close().then(() => this.resolveEnded(code));
  }

  private startHost(held: HeldFolder, keys: readonly AccessKey[]): Promise<EngineHost> {
    const { settings, port, owned, allowedHosts, corsOrigins, auth: mode } = this.options;
    return startHost({
      files: held.files,
      nonce: held.lock.nonce,
      folder: held.folder,
      settings,
      port,
      mayMove: owned,
      allowedHosts,
      corsOrigins,
      auth: { mode, keys },
      logger: this.logger,
      onStop: () => this.end(exitCodes.ok, 'a window asked for it'),
    });
  }

  /** In the foreground standard error goes on; an owned engine's is nobody's to read. */
  private openLog(folder: string): void {
    this.file = new BoundedFile(folder);
    const inFile = lineLogger(this.options.logLevel, (line) => this.file?.write(line));
    this.logger = this.options.owned ? inFile : teeLogger(this.logger, inFile);
  }

  private listenToProcess(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!this.held) process.exit(exitCodes.ok); // nothing is open yet
        this.end(exitCodes.ok, signal);
      });
    }
    const onDefect = (thrown: unknown): void => {
      const detail = thrown instanceof Error ? thrown.stack : String(thrown);
      this.logger.error(`unexpected: ${detail}`);
      process.exit(exitCodes.defect);
    };
    process.on('uncaughtException', onDefect).on('unhandledRejection', onDefect);
  }

  private watch(): void {
    const { idleExitMs, owned } = this.options;
    const clock = nodeClock;
    if (idleExitMs !== undefined) {
      const idleSinceMs = () => this.host?.server.idleSinceMs;
      const onIdle = () => this.end(exitCodes.ok, 'nobody has used it for a while');
      this.watches.add(watchIdle({ clock, limitMs: idleExitMs, idleSinceMs, onIdle }));
    }
    const owner = Number(process.env.SHARDSCOPE_OWNER_PID);
    if (owned && Number.isInteger(owner) && owner > 0) {
      const onGone = () => this.end(exitCodes.ok, `its owner, process ${owner}, is gone`);
      this.watches.add(watchOwner({ clock, isAlive: () => isAlive(owner), onGone }));
    }
  }
}

const noKeys =
  'Signatures are to be verified, but there are no keys. Name their file with --keys FILE, in a window ' +
  'with the setting shardscope.local.keysFile.';

/** The keys that callers may sign with. Rejects with StartFailure. */
async function keysOf({ auth, keysFile }: ServeOptions): Promise<AccessKey[]> {
  try {
    if (auth === 'verify' && keysFile === undefined) throw new KeysMistake(noKeys);
    return keysFile === undefined ? [] : await readKeysFile(path.resolve(keysFile));
  } catch (thrown) {
    if (!(thrown instanceof KeysMistake)) throw thrown;
    throw new StartFailure(thrown.message, { code: 'KEYS', exitCode: exitCodes.usage });
  }
}

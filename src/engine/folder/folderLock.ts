/** A lock that we hold: it beats each second, and is looked at before anything is written. */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { messageOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Files, OpenFile } from '../log/files.ts';
import { LogError } from '../log/logError.ts';
import { decodeLock, encodeLock, type LockRecord } from './lockRecord.ts';

export const beatMs = 1_000;
/** A write that starts later than this after the last look at the lock looks first. */
export const lookMs = 1_000;

const path = 'lock';

interface Parts {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class FolderLock {
  /** The one before us may be alive, stopped in the middle of a write: see fencedFiles.ts. */
  readonly mustFence: boolean;
  private readonly parts: Parts;
  private readonly file: OpenFile;
  private readonly lostEmitter = new Emitter<void>();
  private record: LockRecord;
  private timer: Disposable | undefined;
  private beating: Promise<void> = Promise.resolve();
  private looking: Promise<void> | undefined;
  private lookedMs: number;
  private lookedWallMs: number;
  private isReleased = false;
  /** Somebody else has taken the folder: nothing may be written any more. */
  isLost = false;

  private constructor(
    parts: Parts,
    held: { record: LockRecord; file: OpenFile; mustFence: boolean },
  ) {
    this.parts = parts;
    this.mustFence = held.mustFence;
    this.record = held.record;
    this.file = held.file;
    this.lookedMs = parts.clock.monotonic();
    this.lookedWallMs = parts.clock.now();
    this.schedule();
  }

  /** For acquireLock only: `record` has just been created at the lock's path. */
  static async hold(
    parts: Parts,
    { record, mustFence }: { record: LockRecord; mustFence: boolean },
  ): Promise<FolderLock> {
    const file = await parts.files.open(path, 'append');
    return new FolderLock(parts, { record, file, mustFence });
  }

  get nonce(): string {
    return this.record.nonce;
  }

  /** Fires once, when the lock turns out to be another's. */
  get onLost() {
    return this.lostEmitter.event;
  }

  /** True while the last look is recent enough to write without another. */
  get isFresh(): boolean {
    const { clock } = this.parts;
    const agedMs = clock.monotonic() - this.lookedMs;
    const agedWallMs = Math.abs(clock.now() - this.lookedWallMs); // a suspended machine's clock jumps
    return !this.isLost && !this.isReleased && agedMs <= lookMs && agedWallMs <= 2 * lookMs;
  }

  /** Tells others where we answer. */
  async setEndpoint(endpoint: string): Promise<void> {
    this.record = { ...this.record, endpoint };
    await this.write();
  }

  /** Resolves when the folder is still ours. Rejects with LogError LOCKED when it is not. */
  async assertOurs(): Promise<void> {
    if (this.isReleased) throw new LogError('CLOSED', 'The data folder was closed.');
    if (!this.isFresh && !this.isLost) await this.look();
    if (this.isLost) throw lostError();
  }

  /** True when the folder is still ours; looks at the file. */
  async stillOurs(): Promise<boolean> {
    if (!this.isLost) await this.look();
    return !this.isLost;
  }

  /** Gives the folder back; the lock file goes, if it is ours. Waits for the beat under way. */
  async release(): Promise<void> {
    if (this.isReleased) return;
    this.timer?.dispose();
    await this.beating;
    const isOurs = await this.stillOurs();
    this.isReleased = true;
    await this.file.close();
    if (isOurs) await this.parts.files.remove(path);
  }

  private schedule(): void {
    this.timer = this.parts.clock.schedule(beatMs, () => {
      this.beating = this.beat();
    });
  }

  private async beat(): Promise<void> {
    try {
      await this.look();
      if (this.isLost) return;
      this.record = { ...this.record, heartbeat: this.record.heartbeat + 1 };
      await this.write();
    } catch (thrown) {
      this.parts.logger.warn(`the lock of the data folder cannot be kept: ${messageOf(thrown)}`);
    }
    if (!this.isReleased) this.schedule();
  }

  /** Into the file that we created, wherever it is by now: never into another's lock. */
  private write(): Promise<void> {
    return this.file.write([encodeLock(this.record)], 0);
  }

  private look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const { clock } = this.parts;
    const [startMs, startWallMs] = [clock.monotonic(), clock.now()];
    // Our own beat may be half written: what cannot be read is read once more.
    const found = (await this.found()) ?? (await this.found());
    if (found?.nonce !== this.nonce) {
      this.lose();
    } else {
      this.lookedMs = startMs;
      this.lookedWallMs = startWallMs;
    }
  }

  private async found(): Promise<LockRecord | undefined> {
    const bytes = await this.parts.files.readAll(path);
    return bytes && decodeLock(bytes);
  }

  private lose(): void {
    if (this.isLost || this.isReleased) return;
    this.isLost = true;
    this.timer?.dispose();
    this.lostEmitter.fire();
  }
}

const lostError = (): LogError =>
  new LogError(
    'LOCKED',
    'The data folder was taken over by another engine, or its lock file was removed. This engine ' +
      'writes no more; start it again.',
    { path },
  );

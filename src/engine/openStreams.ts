/**
 * The streams whose logs are open: opens on first touch, once, and remembers which are damaged. Damage
 * of one stream never reaches another.
 */

import type { DamagedStream } from '../admin/adminApi.ts';
import { Emitter } from '../base/emitter.ts';
import { messageOf } from '../base/errors.ts';
import { KinesisError, limitExceeded, streamNotFound } from '../kinesis/errors.ts';
import type { Catalog } from './catalog.ts';
import { LiveStream } from './liveStream.ts';
import type { Log } from './log/log.ts';
import { LogError } from './log/logError.ts';
import type { EnginePorts } from './ports.ts';
import { RecordSeals } from './sealedRecords.ts';

/** Opens the log in `folder`. Throws LogError. */
export type LogOpener = (folder: string) => Promise<{ log: Log; notices: readonly string[] }>;

/** A stream, and the log that failed when one was open. */
type Failing = Pick<LiveStream, 'id'> & Partial<Pick<LiveStream, 'log'>>;

export interface OpenStreamsParts {
  readonly ports: EnginePorts;
  readonly catalog: Catalog;
  readonly openLog: LogOpener;
  /** No number below it is given. */
  readonly keyFloor: number;
}

/** Notices kept for the user; of more the oldest go, and the engine's log has them. */
export const noticesMax = 100;

export const streamFolder = (id: string): string => `streams/${id}`;

export class OpenStreams {
  /** Sentences on what opening logs had to repair, the latest `noticesMax`. */
  readonly notices: string[] = [];
  /** Fires when a stream turns out to be damaged or a notice is added. */
  readonly changed = new Emitter<void>();
  private readonly parts: OpenStreamsParts;
  private readonly live = new Map<string, LiveStream>();
  private readonly opening = new Map<string, Promise<LiveStream>>();
  /** Logs that failed, until they are closed: only then may theirs be opened again. */
  private readonly leaving = new Map<string, Promise<void>>();
  private readonly damage = new Map<string, string>();
  /** Streams about to be removed: not opened again. The catalog forgets them, and so do we. */
  private readonly retired = new Set<string>();
  private isClosed = false;

  constructor(parts: OpenStreamsParts) {
    this.parts = parts;
    parts.catalog.onDidChange(() => {
      for (const id of this.retired) if (!parts.catalog.byId(id)) this.retired.delete(id);
    });
  }

  /** Now open, or undefined. */
  get(id: string): LiveStream | undefined {
    return this.live.get(id);
  }

  all(): LiveStream[] {
    return [...this.live.values()];
  }

  damaged(): DamagedStream[] {
    return [...this.damage].map(([id, reason]) => ({
      stream: this.parts.catalog.byId(id)?.name ?? id,
      reason,
    }));
  }

  isDamaged(id: string): boolean {
    return this.damage.has(id);
  }

  /** Throws the KinesisError of a damaged stream. */
  checkWhole(id: string): void {
    const reason = this.damage.get(id);
    if (reason !== undefined) throw new KinesisError('InternalFailure', reason);
  }

  /** Opens the stream's log unless it is open. Throws KinesisError. */
  async open(id: string): Promise<LiveStream> {
    const open = this.live.get(id);
    if (open) return open;
    this.checkWhole(id);
    const entry = this.parts.catalog.byId(id);
    if (!entry || this.retired.has(id)) throw streamNotFound(entry ?? { name: id, account: '' });
    if (this.isClosed) throw new KinesisError('InternalFailure', 'The engine is stopping.');
    let opening = this.opening.get(id);
    if (!opening) {
      opening = this.openNow(id).finally(() => this.opening.delete(id));
      this.opening.set(id, opening);
    }
    return opening;
  }

  private async openNow(id: string): Promise<LiveStream> {
    const { catalog, ports, openLog } = this.parts;
    try {
      await this.leaving.get(id);
      const { log, notices } = await openLog(streamFolder(id));
      const entryOf = () => catalog.byId(id);
      const { clock } = ports;
      const { keyFloor } = this.parts;
      const seals = new RecordSeals(ports);
      const stream = new LiveStream({ id, log, clock, seals, entryOf, keyFloor });
      this.live.set(id, stream);
      this.note(id, notices);
      return stream;
    } catch (error) {
      throw this.explain({ id }, error);
    }
  }

  private note(id: string, notices: readonly string[]): void {
    if (notices.length === 0) return;
    const name = this.parts.catalog.byId(id)?.name ?? id;
    this.notices.push(...notices.map((notice) => `Stream ${name}: ${notice}`));
    const tooMany = Math.max(0, this.notices.length - noticesMax);
    for (const oldest of this.notices.splice(0, tooMany)) this.parts.ports.logger.warn(oldest);
    this.changed.fire();
  }

  /**
   * What a caller is told of an error of the log, and what follows from it: damage closes the stream, a
   * failed write makes the next call open it again. Errors that are not the log's are thrown on.
   */
  explain(stream: Failing, error: unknown): KinesisError {
    if (error instanceof KinesisError) return error;
    if (!(error instanceof LogError)) throw error;
    const { id } = stream;
    const name = this.parts.catalog.byId(id)?.name ?? id;
    if (error.code === 'CORRUPT' || error.code === 'FORMAT') {
      return new KinesisError('InternalFailure', this.markDamaged(stream, error));
    }
    if (error.code === 'FULL') {
      return limitExceeded(`Nothing can be written to stream ${name}: ${error.message}`);
    }
    this.forget(stream);
    return new KinesisError('InternalFailure', `Stream ${name}: ${error.message}`);
  }

  private markDamaged(stream: Failing, error: LogError): string {
    const { id } = stream;
    const name = this.parts.catalog.byId(id)?.name ?? id;
    const reason =
      `Stream ${name} is closed because its files are damaged: ${error.message} ` +
      'Restore the file from a copy and restart the engine, or drop the damaged stream; ' +
      'other streams are not affected.';
    this.damage.set(id, reason);
    this.forget(stream);
    this.parts.ports.logger.error(reason);
    this.changed.fire();
    return reason;
  }

  /** Closes the log that failed, unless another was opened since; the next touch opens it again. */
  private forget({ id, log }: Failing): void {
    const stream = this.live.get(id);
    if (!stream || stream.log !== log) return;
    this.live.delete(id);
    this.leaving.set(
      id,
      this.leave(stream).finally(() => this.leaving.delete(id)),
    );
  }

  /** A reshard that holds the stream is finished first: nothing may be appended beside it. */
  private async leave(stream: LiveStream): Promise<void> {
    while (stream.blocked) await stream.blocked;
    await stream.log.close().catch((error: unknown) => {
      this.parts.ports.logger.warn(`closing the log of stream ${stream.id}: ${messageOf(error)}`);
    });
  }

  /** Closes the log for good; resolved: no file of the stream is in use. */
  async retire(id: string): Promise<void> {
    this.retired.add(id);
    await this.opening.get(id)?.catch(() => undefined);
    const stream = this.live.get(id);
    this.live.delete(id);
    await stream?.log.close().catch(() => undefined);
    await this.leaving.get(id);
    this.damage.delete(id);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.opening.values());
    const open = this.all();
    this.live.clear();
    await Promise.all(open.map(({ log }) => log.close().catch(() => undefined)));
    await Promise.all(this.leaving.values());
  }
}

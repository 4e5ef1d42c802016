/**
 * Which streams and shards there are, durably: an append log of changes of shape. It is never written
 * for a record, and nothing in memory changes before the change is on the disk.
 */

import { Emitter, type Event } from '../base/emitter.ts';
import { codeOf, messageOf } from '../base/errors.ts';
import { catalogFormat, catalogFrame, catalogHeader, readCatalog } from './catalogFile.ts';
import type { Commitment } from './commitment.ts';
import { joined } from './log/bytes.ts';
import type { OpenFile } from './log/files.ts';
import { LogError } from './log/logError.ts';
import type { EnginePorts } from './ports.ts';
import { type CatalogChange, changed, type StreamEntry } from './streamEntry.ts';
import { type Naming, type Place, type StreamKey, StreamNames } from './streamNames.ts';

const folder = 'catalog';
const filePattern = /^\d{12}\.cat$/;
/** A file is rolled into a snapshot when it is this long and four times the last snapshot. */
const rollBytesMin = 256 * 1024;

type CatalogPorts = Pick<EnginePorts, 'files' | 'crc32'>;

export type { StreamKey } from './streamNames.ts';

type StreamChange = Extract<CatalogChange, { type: 'stream' }>;
type AccountChange = Extract<CatalogChange, { type: 'account' }>;

const asOnAws: Naming = { namespaces: 'separate', account: '', region: '' };
const accountText = ({ account, region }: Place): string => `${account}/${region}`;

export class Catalog {
  /** Sentences on what opening had to repair. */
  readonly notices: string[] = [];
  private readonly ports: CatalogPorts;
  private readonly streamsById = new Map<string, StreamEntry>();
  private readonly names: StreamNames;
  private readonly accounts = new Map<string, AccountChange>();
  private readonly emitter = new Emitter<void>();
  private queue: Promise<void> = Promise.resolve();
  private file: OpenFile | undefined;
  /** No file yet, or one whose end is unknown after a failure: the next write starts a new one. */
  private mustRoll = true;
  private ordinal = 0;
  private size = 0;
  private snapshotBytes = 0;
  private isClosed = false;

  private constructor(ports: CatalogPorts, naming: Naming) {
    this.ports = ports;
    this.names = new StreamNames(naming);
  }

  /** Throws LogError CORRUPT or FORMAT; a torn tail is cut and told in `notices`. */
  static async open(ports: CatalogPorts, naming: Naming = asOnAws): Promise<Catalog> {
    const catalog = new Catalog(ports, naming);
    await ports.files.makeFolder(folder);
    const names = (await ports.files.list(folder)).filter((name) => filePattern.test(name));
    const newest = names.at(-1);
    if (newest !== undefined) await catalog.take(newest);
    for (const name of names.slice(0, -1)) await ports.files.remove(`${folder}/${name}`);
    catalog.notices.push(...catalog.names.clashes());
    return catalog;
  }

  /** Fires after each durable change. */
  get onDidChange(): Event<void> {
    return this.emitter.event;
  }

  get streamCount(): number {
    return this.streamsById.size;
  }

  /** Bytes of the catalog's file. */
  get bytes(): number {
    return this.size;
  }

  /** Every one, as it is stored. */
  streams(): StreamEntry[] {
    return [...this.streamsById.values()];
  }

  /** Those that a caller of that account and region sees, as it sees them. */
  streamsIn(place: Place): StreamEntry[] {
    return this.names.seenIn(place);
  }

  byId(id: string): StreamEntry | undefined {
    return this.streamsById.get(id);
  }

  /** What a caller of that account and region means by that name, as it sees it. */
  byName(key: StreamKey): StreamEntry | undefined {
    return this.names.find(key);
  }

  /** The last one that the account made; undefined when it never did. */
  commitmentOf(place: Place): Commitment | undefined {
    return this.accounts.get(accountText(place))?.commitment;
  }

  /**
   * Asks `decide` for changes, writes them and then applies them all at once; one update at a time.
   * What `decide` throws rejects. Throws LogError FULL, POISONED or CLOSED; then nothing has changed.
   */
  update(decide: () => readonly CatalogChange[]): Promise<void> {
    return this.enqueue(() => this.run(decide, (changes) => this.write(changes)));
  }

  /**
   * As `update`, for whole entries of streams that belong together: a crash leaves all of them, or none, because
   * they are in place with a new file.
   */
  updateTogether(decide: () => readonly StreamEntry[]): Promise<void> {
    const changes = () => decide().map((stream): StreamChange => ({ type: 'stream', stream }));
    return this.enqueue(() => this.run(changes, (entries) => this.writeTogether(entries)));
  }

  /** Resolves when no update is under way. */
  idle(): Promise<void> {
    return this.queue;
  }

  /** Waits for updates under way. */
  async close(): Promise<void> {
    await this.queue;
    this.isClosed = true;
    await this.file?.close();
    this.file = undefined;
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const run = this.queue.then(work);
    this.queue = run.catch(() => undefined);
    return run;
  }

  private async run<C extends CatalogChange>(
    decide: () => readonly C[],
    write: (changes: readonly C[]) => Promise<void>,
  ): Promise<void> {
    if (this.isClosed) throw new LogError('CLOSED', 'The catalog is closed.');
    const changes = decide();
    if (changes.length === 0) return;
    await write(changes);
    for (const change of changes) this.apply(change);
    this.emitter.fire();
  }

  private apply(change: CatalogChange): void {
    if (change.type === 'account') {
      this.accounts.set(accountText(change), change);
      return;
    }
    const stream = change.type === 'stream' ? change.stream : this.streamsById.get(change.id);
    if (!stream) return;
    if (change.type === 'stream') this.keep(stream);
    else if (change.type === 'change') this.keep(changed(stream, change));
    else {
      this.streamsById.delete(change.id);
      this.names.delete(stream);
    }
  }

  private keep(stream: StreamEntry): void {
    this.streamsById.set(stream.id, stream);
    this.names.set(stream);
  }

  /** Opens a file to go on with it, first of all: it must not change behind what is read of it. */
  private async take(name: string): Promise<void> {
    this.file = await this.ports.files.open(`${folder}/${name}`, 'append');
    try {
      await this.load(name, this.file);
    } catch (error) {
      await this.file.close();
      throw error;
    }
  }

  private async load(name: string, file: OpenFile): Promise<void> {
    const path = `${folder}/${name}`;
    const bytes = (await this.ports.files.readAll(path)) ?? new Uint8Array();
    const content = readCatalog({ bytes, path, crc32: this.ports.crc32 });
    for (const change of content.changes) this.apply(change);
    this.ordinal = Number(name.slice(0, 12));
    this.size = content.goodBytes;
    this.snapshotBytes = content.goodBytes;
    // Nothing new is added to a file that an older version would take for its own.
    this.mustRoll = content.format < catalogFormat;
    const tornBytes = bytes.length - content.goodBytes;
    if (tornBytes === 0) return;
    await file.truncate(content.goodBytes);
    await file.sync();
    this.notices.push(
      `The last ${tornBytes} bytes of ${path} were a change that a crash had cut short; ` +
        'they were removed. No answered request is affected.',
    );
  }

  private async write(changes: readonly CatalogChange[]): Promise<void> {
    try {
      const isLong = this.size > rollBytesMin && this.size > 4 * this.snapshotBytes;
      if (isLong || this.mustRoll) await this.roll();
      await this.append(changes.map((change) => catalogFrame(change, this.ports.crc32)));
    } catch (error) {
      throw writeError(error, this.path);
    }
  }

  /** One frame is whole or not there; several are so in a file of their own only. */
  private async writeTogether(entries: readonly StreamChange[]): Promise<void> {
    if (entries.length === 1) return this.write(entries);
    try {
      await this.roll(entries);
    } catch (error) {
      // It may be in place already, and what was refused must not be there at the next opening.
      await this.ports.files.remove(this.path).catch(() => undefined);
      throw writeError(error, this.path);
    }
  }

  private get path(): string {
    return `${folder}/${String(this.ordinal).padStart(12, '0')}.cat`;
  }

  private async append(frames: readonly Uint8Array[]): Promise<void> {
    this.mustRoll = true;
    this.file ??= await this.ports.files.open(this.path, 'append');
    try {
      await this.file.write(frames, this.size);
      await this.file.sync();
    } catch (error) {
      await this.takeBack(this.file);
      throw error;
    }
    this.mustRoll = false;
    this.size += frames.reduce((sum, frame) => sum + frame.length, 0);
  }

  /**
   * A change that was refused must not be there at the next opening: records go to a shard whose closing
   * failed. Where this fails too, the next change begins with a snapshot without it.
   */
  private async takeBack(file: OpenFile): Promise<void> {
    try {
      await file.truncate(this.size);
      await file.sync();
    } catch {
      // The first failure is the one to tell.
    }
  }

  /**
   * Writes all that is known to a new file, and `entries` instead of what is known of those streams, whole or not
   * at all, and removes the old ones. A number is never used twice: after a failure nobody knows whether its file
   * is there.
   */
  private async roll(entries: readonly StreamChange[] = []): Promise<void> {
    const { files, crc32 } = this.ports;
    const parts = [catalogHeader(crc32)];
    const streams = new Map(this.streamsById);
    for (const { stream } of entries) streams.set(stream.id, stream);
    for (const stream of streams.values()) {
      parts.push(catalogFrame({ type: 'stream', stream }, crc32));
    }
    for (const change of this.accounts.values()) parts.push(catalogFrame(change, crc32));
    const bytes = joined(parts);
    this.mustRoll = true;
    await this.file?.close().catch(() => undefined);
    this.file = undefined;
    this.ordinal += 1;
    await files.replace(this.path, bytes);
    await files.syncFolder(folder);
    this.size = bytes.length;
    this.snapshotBytes = bytes.length;
    this.mustRoll = false;
    await this.removeOld();
  }

  private async removeOld(): Promise<void> {
    const { files } = this.ports;
    const names = (await files.list(folder)).filter((name) => filePattern.test(name));
    const old = names.filter((name) => Number(name.slice(0, 12)) < this.ordinal);
    for (const name of old) await files.remove(`${folder}/${name}`).catch(() => undefined);
  }
}

function writeError(error: unknown, path: string): LogError {
  if (error instanceof LogError) return error;
  const code = codeOf(error);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new LogError(
    isFull ? 'FULL' : 'POISONED',
    isFull
      ? 'The disk is full, so the change could not be written. Free some space and try again.'
      : `The change could not be written to ${path}: ${messageOf(error)}`,
    { path },
  );
}

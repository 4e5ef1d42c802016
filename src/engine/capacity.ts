/**
 * How much may be put: the size limit of the data folder, room on the disk, and bytes on their way to it.
 * It refuses or delays puts; it never touches reading or the catalog.
 */
import type { FolderUse } from '../admin/adminApi.ts';
import { Emitter } from '../base/emitter.ts';
import { messageOf } from '../base/errors.ts';
import { type KinesisError, limitExceeded } from '../kinesis/errors.ts';
import { MIB } from '../kinesis/limits.ts';
import type { Catalog } from './catalog.ts';
import type { FolderSizes } from './folderSizes.ts';
import { type OpenStreams, streamFolder } from './openStreams.ts';
import type { EnginePorts, EngineSettings } from './ports.ts';
import { isIncoming } from './streamEntry.ts';

/** Bytes queued over all streams; above it puts wait. */
const pendingBytesMax = 64 * MIB;
/** Free space that is left for the catalog and for closing down. */
const diskBytesMin = 64 * MIB;
const nearShare = 0.9;
/** How often, in bytes put and in time, the disk is asked. */
const diskCheckBytes = 8 * MIB;
const diskCheckMs = 5000;

/** How many bytes put may pass before the folder is added up again; far from the limit only. */
const sumEveryBytes = 256 * 1024;

interface CapacityParts {
  readonly ports: EnginePorts;
  readonly settings: EngineSettings;
  readonly catalog: Catalog;
  readonly streams: OpenStreams;
  readonly sizes: FolderSizes;
}

interface Waiter {
  readonly bytes: number;
  readonly go: () => void;
}

export class Capacity {
  /** Fires when the folder's state changes. */
  readonly changed = new Emitter<void>();
  private readonly parts: CapacityParts;
  private readonly restingBytes = new Map<string, number>();
  private readonly waiters: Waiter[] = [];
  private pendingBytes = 0;
  private summedBytes = 0;
  private bytesSinceSum = Number.POSITIVE_INFINITY;
  private bytesSinceCheck = 0;
  private checkedAtMs = Number.NEGATIVE_INFINITY;
  private isDiskShort = false;
  private dropping: Promise<number> | undefined;
  /** Size of the last put that was refused: the state stays `full` until it would fit. */
  private refusedBytes = 0;
  private lastState: FolderUse['state'] = 'ok';

  constructor(parts: CapacityParts) {
    this.parts = parts;
  }

  /** Learns the sizes of streams that are not open yet, and looks at the disk. */
  async measure(): Promise<void> {
    const sizes = await this.parts.sizes.load(this.folders());
    for (const { id } of this.parts.catalog.streams()) {
      this.restingBytes.set(id, sizes.get(streamFolder(id)) ?? 0);
    }
    await this.checkDisk();
  }

  /** Keeps the sizes for the next start; call it when all logs are closed. */
  close(): Promise<void> {
    return this.parts.sizes.save(this.folders());
  }

  /** Bytes of a stream's files. */
  bytesOf(id: string): number {
    const open = this.parts.streams.get(id);
    if (open) this.restingBytes.set(id, open.log.bytes);
    return this.restingBytes.get(id) ?? 0;
  }

  get use(): FolderUse {
    const bytes = this.sum();
    return { bytes, bytesMax: this.bytesMax, state: this.stateAt(bytes) };
  }

  /**
   * Takes room for a put of `bytes`; undefined when there is room at once, else a promise of it, which
   * rejects with LimitExceeded when the folder or the disk is full. Give it back with `release`. `mayDrop`:
   * old records may go for it where the settings say so.
   */
  reserve(bytes: number, mayDrop = true): Promise<void> | undefined {
    this.bytesSinceCheck += bytes;
    if (this.isDiskShort || !this.hasRoom(bytes)) {
      return this.makeRoom(bytes, mayDrop).then(() => this.enter(bytes));
    }
    if (this.isDiskCheckDue) {
      this.checkDisk().catch((error: unknown) => {
        this.parts.ports.logger.warn(`asking for free space: ${messageOf(error)}`);
      });
    }
    return this.enter(bytes);
  }

  release(bytes: number): void {
    this.pendingBytes -= bytes;
    this.bytesSinceSum += bytes;
    for (let next = this.waiters[0]; next && this.fits(next.bytes); next = this.waiters[0]) {
      this.waiters.shift();
      this.pendingBytes += next.bytes;
      next.go();
    }
    if (this.summedBytes + this.bytesSinceSum >= this.bytesMax * nearShare) this.tellState();
  }

  /** Tells listeners when the state is not what it was; call after anything that changes sizes. */
  tellState(): void {
    const { state } = this.use;
    if (state === this.lastState) return;
    this.lastState = state;
    this.changed.fire();
  }

  private folders(): string[] {
    return this.parts.catalog.streams().map(({ id }) => streamFolder(id));
  }

  private get bytesMax(): number {
    return this.parts.settings.folderBytesMax;
  }

  private stateAt(bytes: number): FolderUse['state'] {
    if (this.isDiskShort) return 'disk';
    if (bytes + this.refusedBytes > this.bytesMax) return 'full';
    return bytes >= this.bytesMax * nearShare ? 'near' : 'ok';
  }

  private hasRoom(bytes: number): boolean {
    const soon = bytes + this.pendingBytes;
    const isFar = this.summedBytes + this.bytesSinceSum + soon < this.bytesMax * nearShare;
    if (isFar && this.bytesSinceSum < sumEveryBytes) return true;
    return this.sum() + soon <= this.bytesMax;
  }

  private sum(): number {
    let sum = this.parts.catalog.bytes;
    for (const { id } of this.parts.catalog.streams()) sum += this.bytesOf(id);
    this.forgetRemoved();
    this.summedBytes = sum;
    this.bytesSinceSum = 0;
    return sum;
  }

  private forgetRemoved(): void {
    const { catalog } = this.parts;
    if (this.restingBytes.size === catalog.streamCount) return;
    for (const id of this.restingBytes.keys()) {
      if (!catalog.byId(id)) this.restingBytes.delete(id);
    }
  }

  private fits(bytes: number): boolean {
    return this.pendingBytes === 0 || this.pendingBytes + bytes <= pendingBytesMax;
  }

  private enter(bytes: number): Promise<void> | undefined {
    this.refusedBytes = 0;
    if (this.waiters.length === 0 && this.fits(bytes)) {
      this.pendingBytes += bytes;
      return undefined;
    }
    return new Promise((go) => this.waiters.push({ bytes, go }));
  }

  /** Removes old segments where the settings say so. Rejects with LimitExceeded. */
  private async makeRoom(bytes: number, mayDrop: boolean): Promise<void> {
    if (this.isDiskShort) await this.checkDisk();
    if (this.isDiskShort) throw this.refusal(bytes, diskRefusal());
    const isDropping = mayDrop && this.parts.settings.whenFull === 'dropOldest';
    while (!this.hasRoom(bytes)) {
      const freed = isDropping ? await this.dropOnce() : 0;
      if (freed === 0) throw this.refusal(bytes, folderRefusal(this.use));
    }
  }

  private refusal(bytes: number, message: string): KinesisError {
    this.refusedBytes = bytes;
    this.tellState();
    return limitExceeded(message);
  }

  /** Puts that find no room at the same time wait for one removal: the next may not be needed. */
  private dropOnce(): Promise<number> {
    this.dropping ??= this.dropOldest().finally(() => {
      this.dropping = undefined;
    });
    return this.dropping;
  }

  /**
   * Removes one segment, of the largest stream that has one to give; when each has only the one that is
   * written to, the largest gives that. What is being imported comes whole or not at all. Resolves to the bytes
   * freed.
   */
  private async dropOldest(): Promise<number> {
    return (await this.dropFrom('sealed')) || (await this.dropFrom('active'));
  }

  private async dropFrom(what: 'sealed' | 'active'): Promise<number> {
    const { catalog, streams } = this.parts;
    const holders = catalog
      .streams()
      .filter((stream) => !streams.isDamaged(stream.id) && !isIncoming(stream))
      .filter(({ id }) => this.bytesOf(id) > 0)
      .sort((a, b) => this.bytesOf(b.id) - this.bytesOf(a.id));
    for (const { id } of holders) {
      const freed = await this.dropOf(id, what);
      if (freed > 0) return freed;
    }
    return 0;
  }

  /** What goes wrong in one stream leaves the others to give. */
  private async dropOf(id: string, what: 'sealed' | 'active'): Promise<number> {
    const { streams, ports } = this.parts;
    try {
      const live = await streams.open(id);
      return await live.log.dropOldest({ mayRoll: what === 'active' }).catch((error: unknown) => {
        throw streams.explain(live, error);
      });
    } catch (error) {
      ports.logger.warn(`removing the oldest records of stream ${id}: ${messageOf(error)}`);
      return 0;
    }
  }

  private get isDiskCheckDue(): boolean {
    const sinceMs = this.parts.ports.clock.monotonic() - this.checkedAtMs;
    return this.bytesSinceCheck >= diskCheckBytes || sinceMs >= diskCheckMs;
  }

  private async checkDisk(): Promise<void> {
    this.bytesSinceCheck = 0;
    this.checkedAtMs = this.parts.ports.clock.monotonic();
    const free = await this.parts.ports.files.freeBytes('catalog');
    this.isDiskShort = free < diskBytesMin;
    this.tellState();
  }
}

const inMib = (bytes: number): string => `${Math.floor(bytes / MIB)} MiB`;

const folderRefusal = ({ bytes, bytesMax }: FolderUse): string =>
  `The local data folder is full: it holds ${inMib(bytes)} of the ${inMib(bytesMax)} it may hold. ` +
  'Raise the setting shardscope.local.folderSizeLimit, or empty or delete a stream.';

const diskRefusal = (): string =>
  `The disk of the local data folder has less than ${inMib(diskBytesMin)} free. ` +
  'Free some space, or empty or delete a stream.';

/** The snapshots of a data folder: named copies beside the data, complete when they can be seen at all. */
import { type SnapshotInfo, snapshotsMax } from '../admin/controls.ts';
import { messageOf } from '../base/errors.ts';
import { type Random, randomHex } from '../base/random.ts';
import { KinesisError, limitExceeded } from '../kinesis/errors.ts';
import { MIB } from '../kinesis/limits.ts';
import { clockPath } from './engineClockLine.ts';
import { isFull } from './log/context.ts';
import type { Files } from './log/files.ts';
import { copyData, type DataPlace } from './snapshotCopy.ts';

const folder = 'snapshots';
/** Written last: a snapshot without it was never finished. */
const aboutName = 'about.json';
const aboutFormat = 1;

interface Kept {
  readonly id: string;
  readonly info: SnapshotInfo;
}

export interface SnapshotOrder {
  readonly name: string;
  readonly takenMs: number;
  readonly streamCount: number;
  /** The engine's clock, as its file has it. */
  readonly clock: Uint8Array;
  /** Of the data folder now. */
  readonly bytes: number;
}

export class Snapshots {
  private readonly files: Files;
  private readonly random: Random;
  private readonly bytesMax: number;
  private readonly kept = new Map<string, Kept>();

  private constructor(ports: { files: Files; random: Random; bytesMax: number }) {
    this.files = ports.files;
    this.random = ports.random;
    this.bytesMax = ports.bytesMax;
  }

  /** `bytesMax`: of all of them together. What a crash left unfinished is removed. */
  static async open(ports: { files: Files; random: Random; bytesMax: number }): Promise<Snapshots> {
    const snapshots = new Snapshots(ports);
    for (const id of await ports.files.list(folder)) await snapshots.load(id);
    return snapshots;
  }

  /** The oldest first. */
  list(): SnapshotInfo[] {
    return [...this.kept.values()]
      .map(({ info }) => info)
      .sort((a, b) => a.takenMs - b.takenMs || (a.name < b.name ? -1 : 1));
  }

  /**
   * Copies the data folder, to which nothing is written meanwhile; resolved: it is on the disk.
   * Throws ResourceInUse for a name that is taken, LimitExceeded above count, bytes or the disk.
   */
  async take({ clock, ...order }: SnapshotOrder): Promise<SnapshotInfo> {
    this.check(order);
    const id = randomHex(this.random, 8);
    const prefix = `${folder}/${id}/`;
    try {
      await this.files.makeFolder(`${folder}/${id}`);
      const copied = await copyData({ files: this.files, prefix: '' }, this.placeOf(id));
      await this.files.replace(prefix + clockPath, clock);
      const { name, takenMs, streamCount } = order;
      const info = { name, takenMs, streamCount, bytes: copied };
      await this.files.replace(prefix + aboutName, encoded(info));
      await this.files.syncFolder(folder);
      this.kept.set(name, { id, info });
      return info;
    } catch (error) {
      await this.files.removeFolder(`${folder}/${id}`).catch(() => undefined);
      if (!isFull(error)) throw error;
      throw limitExceeded(`The disk has no room for the snapshot: ${messageOf(error)}`);
    }
  }

  /** Where a snapshot is. Throws ResourceNotFound. */
  place(name: string): DataPlace {
    return this.placeOf(this.find(name).id);
  }

  /** Throws ResourceNotFound. */
  async remove(name: string): Promise<void> {
    const { id } = this.find(name);
    this.kept.delete(name);
    await this.files.remove(`${folder}/${id}/${aboutName}`);
    await this.files.removeFolder(`${folder}/${id}`);
  }

  private placeOf(id: string): DataPlace {
    return { files: this.files, prefix: `${folder}/${id}/` };
  }

  private find(name: string): Kept {
    const found = this.kept.get(name);
    if (found) return found;
    throw new KinesisError('ResourceNotFoundException', `There is no snapshot "${name}".`);
  }

  private check({ name, bytes }: Pick<SnapshotOrder, 'name' | 'bytes'>): void {
    if (this.kept.has(name)) {
      throw new KinesisError('ResourceInUseException', `There is a snapshot "${name}" already.`);
    }
    if (this.kept.size >= snapshotsMax) {
      throw limitExceeded(`There are ${snapshotsMax} snapshots already; delete one.`);
    }
    const sum = this.list().reduce((before, info) => before + info.bytes, bytes);
    if (sum <= this.bytesMax) return;
    throw limitExceeded(
      `Snapshots may hold ${inMib(this.bytesMax)} together, as much as the data folder, and with this ` +
        `one they would hold ${inMib(sum)}. Delete one, or raise the folder's size limit.`,
    );
  }

  private async load(id: string): Promise<void> {
    const bytes = await this.files.readAll(`${folder}/${id}/${aboutName}`);
    const info = bytes && decoded(bytes);
    if (info) this.kept.set(info.name, { id, info });
    else if (!bytes) await this.files.removeFolder(`${folder}/${id}`);
  }
}

const inMib = (bytes: number): string => `${Math.ceil(bytes / MIB)} MiB`;

function encoded(info: SnapshotInfo): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ format: aboutFormat, ...info })}\n`);
}

/** Undefined for one of another version, which is left alone. */
function decoded(bytes: Uint8Array): SnapshotInfo | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as SnapshotInfo & { format: number };
    const { format, name, takenMs, streamCount, bytes: size } = value;
    return format === aboutFormat ? { name, takenMs, streamCount, bytes: size } : undefined;
  } catch {
    return undefined;
  }
}

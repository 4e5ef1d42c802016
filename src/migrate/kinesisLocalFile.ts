/**
 * Looks through a whole file of kinesis-local before anything of it is used: that it is one, every member of
 * every record, and where the records of each shard lie. It keeps no record.
 */

import { importedShardsMax } from '../admin/controls.ts';
import { type ImportedStream, importedStreamsMax } from '../admin/streamImport.ts';
import { parseSequenceNumber } from '../kinesis/sequenceNumber.ts';
import { FileMistake, shown } from './fileMistake.ts';
import { type FileBytes, JsonCursor, type ReadValue } from './jsonCursor.ts';
import { keptRecord, recordTextBytesMax } from './kinesisLocalRecord.ts';
import { type KeptShard, keptShard } from './kinesisLocalShard.ts';
import {
  isDeleting,
  keptArn,
  keptMembers,
  keptSettings,
  type StreamSettings,
} from './kinesisLocalStream.ts';

/** The name of a member, where shards are such names. */
const nameBytesMax = 64 * 1024;
/** A member that is neither streams nor shards. */
const memberBytesMax = 4 * 1024 ** 2;
/** Members of all streams and policies together, which are in memory until the end; so much fits in a request. */
const settingsBytesMax = 16 * 1024 ** 2;

/** Of one shard. */
export interface KeptRecords {
  readonly shard: KeptShard;
  /** Where in the file the list of them begins, behind its bracket. */
  readonly from: number;
  readonly count: number;
  /** Of the first of them. */
  readonly firstMs: number;
}

export interface KeptStream {
  /** Everything but the records. */
  readonly spec: ImportedStream;
  /** Of the shards that have any. */
  readonly records: readonly KeptRecords[];
  readonly recordCount: number;
}

export interface KeptFile {
  readonly streams: readonly KeptStream[];
  /** Names of streams that were being deleted. */
  readonly deleting: readonly string[];
}

export interface SurveyOptions {
  /** Told now and then how many bytes of the file have been looked at. */
  onBytes?(done: number): void;
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a stream when its end has been reached. */
interface Found {
  readonly arn: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly shards: readonly KeptShard[];
  readonly records: readonly KeptRecords[];
  readonly times: Times;
}

interface Times {
  oldestMs?: number;
  newestMs?: number;
}

/** Rejects with FileMistake. Resolved: every byte has been looked at. */
export async function surveyKinesisLocal(
  file: FileBytes,
  options: SurveyOptions = {},
): Promise<KeptFile> {
  return new Survey(file, options).run();
}

class Survey {
  private readonly cursor: JsonCursor;
  private readonly options: SurveyOptions;
  private readonly found = new Map<string, Found>();
  private readonly policies = new Map<string, string>();
  private shardCount = 0;
  private settingsBytes = 0;

  constructor(file: FileBytes, options: SurveyOptions) {
    this.cursor = new JsonCursor(file);
    this.options = options;
  }

  async run(): Promise<KeptFile> {
    const { cursor } = this;
    await cursor.openObject();
    let hasStreams = false;
    for (let name = await this.member(); name !== undefined; name = await this.member()) {
      if (name === 'streams') {
        if (hasStreams) throw cursor.mistake('"streams" is there twice.');
        hasStreams = true;
        await this.streams();
      } else if (name === 'resourcePolicies') await this.resourcePolicies();
      else await this.small(name);
    }
    await cursor.close();
    if (!hasStreams)
      throw new FileMistake('it has no "streams", so kinesis-local did not write it.');
    return this.kept();
  }

  private kept(): KeptFile {
    const all = [...this.found.values()];
    const deleting = all.filter(({ members }) => isDeleting(members));
    const streams = all
      .filter((found) => !deleting.includes(found))
      .map((found) => within(`stream ${found.arn}`, () => this.keptStream(found)));
    return { streams, deleting: deleting.map(({ arn }) => keptArn(arn).name) };
  }

  private keptStream({ arn, members, shards, records, times }: Found): KeptStream {
    const settings: StreamSettings = keptSettings(keptArn(arn), {
      members,
      policies: this.policies,
    });
    const spec = { ...settings, shards: shards.map(({ shard }) => shard), ...times };
    const recordCount = records.reduce((sum, { count }) => sum + count, 0);
    return { spec, records, recordCount };
  }

  private member(): Promise<string | undefined> {
    return this.cursor.member(nameBytesMax);
  }

  /** Nobody needs its value. */
  private small(name: string): Promise<ReadValue> {
    return this.cursor.value({ bytesMax: memberBytesMax, what: shown(name) });
  }

  /** The value is kept. */
  private async setting(name: string): Promise<unknown> {
    const { value, length } = await this.small(name);
    this.settingsBytes += name.length + length;
    if (this.settingsBytes <= settingsBytesMax) return value;
    throw this.cursor.mistake(
      `members of streams and policies take more than ${settingsBytesMax} bytes.`,
    );
  }

  private async resourcePolicies(): Promise<void> {
    const { cursor } = this;
    await cursor.openObject();
    for (let arn = await this.member(); arn !== undefined; arn = await this.member()) {
      const policy = await this.setting(arn);
      if (typeof policy !== 'string') {
        throw cursor.mistake(`the policy of ${shown(arn)} is no text.`);
      }
      this.policies.set(arn, policy);
    }
  }

  private async streams(): Promise<void> {
    const { cursor, found } = this;
    await cursor.openObject();
    for (let arn = await this.member(); arn !== undefined; arn = await this.member()) {
      keptArn(arn);
      if (found.has(arn)) throw cursor.mistake(`stream ${arn} is there twice.`);
      if (found.size === importedStreamsMax) {
        throw cursor.mistake(`there are more than ${importedStreamsMax} streams.`);
      }
      const name = arn;
      found.set(name, await withinAsync(`stream ${name}`, () => this.stream(name)));
    }
  }

  private async stream(arn: string): Promise<Found> {
    const members: Record<string, unknown> = Object.create(null); // a name may be any text
    const shards: KeptShard[] = [];
    const records: KeptRecords[] = [];
    const times: Times = {};
    const seen = new Set<string>();
    await this.cursor.openObject();
    for (let name = await this.member(); name !== undefined; name = await this.member()) {
      if (seen.has(name)) throw this.cursor.mistake(`${shown(name)} is there twice.`);
      if (name === 'shards') await this.shards({ shards, records, times });
      else if (keptMembers.has(name)) members[name] = await this.setting(name);
      else {
        await this.small(name);
        continue;
      }
      seen.add(name);
    }
    if (shards.length === 0 && !isDeleting(members)) throw this.cursor.mistake('it has no shards.');
    return { arn, members, shards, records, times };
  }

  private async shards(into: {
    shards: KeptShard[];
    records: KeptRecords[];
    times: Times;
  }): Promise<void> {
    const { cursor } = this;
    const indexes = new Set<number>();
    await cursor.openObject();
    for (;;) {
      const at = cursor.place;
      const name = await this.member();
      if (name === undefined) return;
      const shard = within(`at byte ${at}`, () => keptShard(name));
      const { ShardId } = shard.shard;
      if (indexes.has(shard.index)) throw cursor.mistake(`${ShardId} is there twice.`);
      indexes.add(shard.index);
      this.shardCount += 1;
      if (this.shardCount > importedShardsMax) {
        throw cursor.mistake(`there are more than ${importedShardsMax} shards.`);
      }
      into.shards.push(shard);
      const records = await withinAsync(ShardId, () => this.records(shard, into.times));
      if (records) into.records.push(records);
    }
  }

  private async records(shard: KeptShard, times: Times): Promise<KeptRecords | undefined> {
    const { cursor } = this;
    await cursor.openList();
    const from = cursor.place;
    let count = 0;
    let firstMs = 0;
    while (await cursor.item()) {
      count += 1;
      const read = await cursor.value({ bytesMax: recordTextBytesMax, what: `record ${count}` });
      const timeMs = within(`record ${count} at byte ${read.at}`, () => checkedTime(read, shard));
      if (count === 1) firstMs = timeMs;
      times.oldestMs = Math.min(timeMs, times.oldestMs ?? timeMs);
      times.newestMs = Math.max(timeMs, times.newestMs ?? timeMs);
      if (count % 256 === 0) this.tell();
    }
    this.tell();
    return count === 0 ? undefined : { shard, from, count, firstMs };
  }

  private tell(): void {
    this.options.signal?.throwIfAborted();
    this.options.onBytes?.(this.cursor.place);
  }
}

/** The arrival of a record that is as it should be. Throws FileMistake. */
function checkedTime({ value }: ReadValue, { index, shard }: KeptShard): number {
  const { timeMs, sequenceNumber } = keptRecord(value);
  const parts = parseSequenceNumber(sequenceNumber);
  if (!parts || parts.shardIndex === index) return timeMs;
  throw new FileMistake(
    `its SequenceNumber is of shard ${parts.shardIndex}, and it lies in ${shard.ShardId}.`,
  );
}

/** A mistake in it is told with the place before. */
function within<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw placed(place, thrown);
  }
}

async function withinAsync<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw placed(place, thrown);
  }
}

const placed = (place: string, thrown: unknown): unknown =>
  thrown instanceof FileMistake ? new FileMistake(`${place}, ${thrown.message}`) : thrown;

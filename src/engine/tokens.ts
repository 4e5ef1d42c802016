/**
 * Shard iterators and page tokens: opaque, checksummed, valid for five minutes, no two alike. Nothing is
 * remembered here for a token: all it means is inside.
 */
import { iteratorLifeMs } from '../kinesis/limits.ts';
import {
  invalidIterator,
  invalidNextToken,
  iteratorExpired,
  nextTokenExpired,
} from '../kinesis/readErrors.ts';
import type { Ages } from './ages.ts';
import { fromBase64, toBase64 } from './base64.ts';
import type { EnginePorts } from './ports.ts';

/** Where a reader stands in a shard. */
export interface IteratorContent {
  /** The incarnation: an iterator of a deleted stream does not read a new one of the same name. */
  readonly streamId: string;
  readonly account: string;
  readonly name: string;
  readonly shard: number;
  /** The first key wanted. */
  readonly fromKey: number;
}

/** What a page of ListShards goes on with. */
export interface ShardsToken {
  readonly streamId: string;
  readonly account: string;
  readonly name: string;
  /** Shard ids up to this one were listed. */
  readonly after: string;
  readonly filter: string;
  readonly filterMs: number;
}

/** What a page of ListStreamConsumers goes on with. */
export interface ConsumersToken {
  readonly streamId: string;
  /** The last name listed. */
  readonly after: string;
}

type Kind = 'iterator' | 'shards' | 'streams' | 'consumers';
type Field = string | number;

/** As AWS's iterators begin: `AAAAAAAAAAE`. */
const opening = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1]);
const seeds: Record<Kind, number> = { iterator: 1, shards: 2, streams: 3, consumers: 4 };
const utf8 = new TextEncoder();
const text = new TextDecoder();

interface TokenPorts extends Pick<EnginePorts, 'clock' | 'crc32' | 'random'> {
  readonly ages: Ages;
}

export class Tokens {
  private readonly ports: TokenPorts;
  private issued: number;

  constructor(ports: TokenPorts) {
    this.ports = ports;
    this.issued = new DataView(ports.random.bytes(4).slice().buffer).getUint32(0);
  }

  iterator(content: IteratorContent): string {
    const { streamId, account, name, shard, fromKey } = content;
    return this.seal('iterator', [streamId, account, name, shard, fromKey]);
  }

  /** The name of the stream that an iterator reads, however old it is; undefined when it is none of ours. */
  streamNameIn(token: string): string | undefined {
    return (this.open('iterator', withoutQuotes(token)) as IteratorFields | undefined)?.[3];
  }

  /** Whose shards an iterator or a page of ListShards goes on in, however old; undefined: none of ours. */
  streamIn(token: string): Pick<IteratorContent, 'streamId' | 'account' | 'name'> | undefined {
    const fields = this.open('iterator', withoutQuotes(token)) ?? this.open('shards', token);
    if (!fields) return undefined;
    const [, streamId, account, name] = fields as [number, string, string, string];
    return { streamId, account, name };
  }

  /** Surrounding quotes are ignored. Throws InvalidArgument or ExpiredIterator. @source measured */
  readIterator(token: string): IteratorContent {
    const fields = this.open('iterator', withoutQuotes(token));
    if (!fields) throw invalidIterator();
    const [createdMs, streamId, account, name, shard, fromKey] = fields as IteratorFields;
    if (this.isOld(createdMs)) {
      throw iteratorExpired({ createdMs, nowMs: this.ports.clock.now() });
    }
    return { streamId, account, name, shard, fromKey };
  }

  shards(token: ShardsToken): string {
    const { streamId, account, name, after, filter, filterMs } = token;
    return this.seal('shards', [streamId, account, name, after, filter, filterMs]);
  }

  /** Throws InvalidArgument or ExpiredNextToken. */
  readShards(token: string): ShardsToken {
    const fields = this.fresh('shards', token);
    const [, streamId, account, name, after, filter, filterMs] = fields as ShardsFields;
    return { streamId, account, name, after, filter, filterMs };
  }

  /** `after`: the last name listed. */
  streams(after: string): string {
    return this.seal('streams', [after]);
  }

  /** The last name listed. Throws InvalidArgument or ExpiredNextToken. */
  readStreams(token: string): string {
    return this.fresh('streams', token)[1] as string;
  }

  consumers({ streamId, after }: ConsumersToken): string {
    return this.seal('consumers', [streamId, after]);
  }

  /** Throws InvalidArgument or ExpiredNextToken. */
  readConsumers(token: string): ConsumersToken {
    const [, streamId, after] = this.fresh('consumers', token) as [number, string, string];
    return { streamId, after };
  }

  private fresh(kind: Kind, token: string): Field[] {
    const fields = this.open(kind, token);
    if (!fields) throw invalidNextToken();
    const createdMs = fields[0] as number;
    if (this.isOld(createdMs)) {
      throw nextTokenExpired({ createdMs, nowMs: this.ports.clock.now() });
    }
    return fields;
  }

  private isOld(createdMs: number): boolean {
    return createdMs < this.ports.ages.since(iteratorLifeMs);
  }

  /** Opening, checksum, count, JSON of the issue time and the fields. */
  private seal(kind: Kind, fields: readonly Field[]): string {
    this.issued = (this.issued + 1) >>> 0;
    const body = utf8.encode(JSON.stringify([this.ports.clock.now(), ...fields]));
    const bytes = new Uint8Array(16 + body.length);
    bytes.set(opening);
    bytes.set(body, 16);
    const view = new DataView(bytes.buffer);
    view.setUint32(12, this.issued);
    view.setUint32(8, this.checksum(kind, bytes));
    return toBase64(bytes);
  }

  private open(kind: Kind, token: string): Field[] | undefined {
    const bytes = fromBase64(token);
    if (!bytes || bytes.length < 16 || opening.some((byte, at) => bytes[at] !== byte)) return;
    const view = new DataView(bytes.buffer);
    if (view.getUint32(8) !== this.checksum(kind, bytes)) return;
    return JSON.parse(text.decode(bytes.subarray(16))) as Field[];
  }

  private checksum(kind: Kind, bytes: Uint8Array): number {
    return this.ports.crc32(bytes.subarray(12), seeds[kind]) >>> 0;
  }
}

const withoutQuotes = (token: string): string => /^"(.*)"$/s.exec(token)?.[1] ?? token;

type IteratorFields = [number, string, string, string, number, number];
type ShardsFields = [number, string, string, string, string, string, number];

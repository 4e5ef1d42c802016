// A record as tests of the query language write it, which counts how often it is decoded.
import type { ByteRange } from '../../../src/query/byteRange.ts';
import { LazySubject } from '../../../src/query/subject.ts';

const utf8 = new TextEncoder();

/** Other records lie around it, which a search is not to find. */
function within(bytes: Uint8Array): ByteRange {
  const around = utf8.encode('{"a":"needle 1 error","n":1}');
  const memory = Buffer.concat([around, bytes, around]);
  return { memory, start: around.length, end: around.length + bytes.length };
}

export interface Written {
  readonly text?: string;
  readonly key?: string;
  readonly shard?: number;
  readonly seq?: string;
  readonly arrivedMs?: number;
  readonly size?: number;
  readonly format?: string;
  readonly sub?: number;
  /** True: the text is not at hand in bytes, as of a packed record. */
  readonly isPacked?: boolean;
}

export class WrittenRecord extends LazySubject {
  readonly partitionKey: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivedMs: number;
  readonly size: number;
  readonly format: string;
  readonly sub: number | undefined;
  readonly bytes: ByteRange | undefined;
  readonly keyBytes: ByteRange | undefined;
  readonly sequenceBytes: ByteRange | undefined;
  decodings = 0;
  private readonly written: string;

  constructor(written: Written) {
    super();
    this.written = written.text ?? '';
    const bytes = utf8.encode(this.written);
    this.bytes = written.isPacked ? undefined : within(bytes);
    this.partitionKey = written.key ?? '';
    this.keyBytes = written.isPacked ? undefined : within(utf8.encode(this.partitionKey));
    this.shardId = `shardId-${String(written.shard ?? 0).padStart(12, '0')}`;
    this.sequenceNumber = written.seq ?? '1';
    this.sequenceBytes = written.isPacked ? undefined : within(utf8.encode(this.sequenceNumber));
    this.arrivedMs = written.arrivedMs ?? 0;
    this.size = written.size ?? bytes.length;
    this.format = written.format ?? 'json';
    this.sub = written.sub;
  }

  protected readText(): string {
    this.decodings++;
    return this.written;
  }
}

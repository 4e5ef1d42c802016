// A record as tests of the query language write it, which counts how often it is decoded.
import { LazySubject } from '../../../src/query/subject.ts';

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
  readonly bytes: Uint8Array | undefined;
  decodings = 0;
  private readonly written: string;

  constructor(written: Written) {
    super();
    this.written = written.text ?? '';
    const bytes = new TextEncoder().encode(this.written);
    this.bytes = written.isPacked ? undefined : bytes;
    this.partitionKey = written.key ?? '';
    this.shardId = `shardId-${String(written.shard ?? 0).padStart(12, '0')}`;
    this.sequenceNumber = written.seq ?? '1';
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

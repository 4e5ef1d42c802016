/** A record with its bytes at hand as a query sees it: what is text of them is found when it is asked for. */
import type { Decoder } from '../decode/decoder.ts';
import { isUnreadable } from '../decode/text.ts';
import type { ByteRange } from '../query/byteRange.ts';
import { LazySubject } from '../query/subject.ts';
import { previewCharactersMax } from './rows.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export abstract class DataSubject extends LazySubject {
  private readonly decoder: Decoder;
  private isUnpacked = false;

  constructor(decoder: Decoder) {
    super();
    this.decoder = decoder;
  }

  /** A decoder was asked about the record: a few bytes of it may have come to many. */
  get hasUnpacked(): boolean {
    return this.isUnpacked;
  }

  protected abstract readonly dataBytes: ByteRange;

  get format(): string {
    return this.preview.format;
  }

  /** Nothing packed begins as JSON does: there the bytes are the text. Of others they may not be. */
  get bytes(): ByteRange | undefined {
    const bytes = this.dataBytes;
    return this.decoder.readsJson && beginsAsJson(bytes) ? bytes : undefined;
  }

  protected override get mayBeJson(): boolean {
    const { readsJson, readsPlainJson } = this.decoder;
    return readsPlainJson || (readsJson && !beginsAsJson(this.dataBytes));
  }

  /** Of binary data, what is shown of it. */
  protected readText(): string {
    const { data } = this;
    const text = this.bytes ? textOf(data) : undefined;
    if (text !== undefined) return text;
    this.isUnpacked = true;
    return this.decoder.searchText(data) || this.preview.text;
  }

  protected override forget(): void {
    super.forget();
    this.isUnpacked = false;
  }

  private get data(): Uint8Array {
    const { memory, start, end } = this.dataBytes;
    return memory.subarray(start, end);
  }

  private get preview() {
    this.isUnpacked = true;
    return this.decoder.preview(this.data, previewCharactersMax);
  }
}

/** So many bytes of binary data hardly ever look like text. */
const lookedAtBytes = 8;

/** What is binary for all its opening bracket is told by the bytes behind: a look at all of them would cost as much as the search. */
function beginsAsJson({ memory, start, end }: ByteRange): boolean {
  const first = memory[start];
  if (start >= end || (first !== 0x7b && first !== 0x5b)) return false;
  const stop = Math.min(end, start + lookedAtBytes);
  for (let at = start + 1; at < stop; at++) {
    const byte = memory[at]!;
    if (isUnreadable[byte] === 1) return false;
    if (byte < 0x80) continue;
    if (byte < 0xc2 || byte > 0xf4 || (memory[at + 1]! & 0xc0) !== 0x80) return false;
    at += byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return true;
}

function textOf(data: Uint8Array): string | undefined {
  try {
    return utf8.decode(data);
  } catch {
    return undefined;
  }
}

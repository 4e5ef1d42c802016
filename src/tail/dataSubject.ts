/** A record with its bytes at hand as a query sees it: what is text of them is found when it is asked for. */
import type { Decoder } from '../decode/decoder.ts';
import { LazySubject } from '../query/subject.ts';
import { previewCharactersMax } from './rows.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export abstract class DataSubject extends LazySubject {
  private readonly decoder: Decoder;

  constructor(decoder: Decoder) {
    super();
    this.decoder = decoder;
  }

  protected abstract readonly data: Uint8Array;

  get format(): string {
    return this.preview.format;
  }

  /** Nothing packed begins as JSON does: there the bytes are the text. Of others they may not be. */
  get bytes(): Uint8Array | undefined {
    const { data } = this;
    return beginsAsJson(data) ? data : undefined;
  }

  /** Of binary data, what is shown of it. */
  protected readText(): string {
    const { data } = this;
    const text = beginsAsJson(data) ? textOf(data) : undefined;
    return text ?? (this.decoder.searchText(data) || this.preview.text);
  }

  private get preview() {
    return this.decoder.preview(this.data, previewCharactersMax);
  }
}

const beginsAsJson = ({ 0: first }: Uint8Array): boolean => first === 0x7b || first === 0x5b;

function textOf(data: Uint8Array): string | undefined {
  try {
    return utf8.decode(data);
  } catch {
    return undefined;
  }
}

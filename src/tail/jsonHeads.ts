/** The beginnings of held records that are JSON: what columns and the order check read, bounded a record. */
import type { Decoder, Head } from '../decode/decoder.ts';
import { headBytesMax, headOf, utf8Of } from '../decode/text.ts';
import type { Masking } from './masking.ts';
import type { RowStore } from './rowStore.ts';

export class JsonHeads {
  private readonly store: RowStore;
  private readonly decoder: Decoder;
  private readonly masking: Masking | undefined;

  constructor(store: RowStore, decoder: Decoder, masking?: Masking) {
    this.store = store;
    this.decoder = decoder;
    this.masking = masking;
  }

  /** Something is hidden of what is shown. */
  get isMasked(): boolean {
    return this.masking?.isOn ?? false;
  }

  /** As `of`, without what is not to be seen: in its place stand signs that are no JSON, and a value to a reader. */
  shown(slot: number): Head | undefined {
    const head = this.of(slot);
    if (!head || !this.masking?.isOn) return head;
    const { text, isCut = false } = this.masking.json(head.text, head.isWhole);
    return { text, isWhole: head.isWhole && !isCut };
  }

  /** A text that was made of what is shown. */
  shownText(text: string): string {
    return this.masking?.isOn ? this.masking.text(text).text : text;
  }

  /** Undefined of an event, and of a record that is no JSON. */
  of(slot: number): Head | undefined {
    if (!this.store.isRecord(slot)) return undefined;
    const data = this.store.dataOf(slot);
    const { 0: first } = data;
    // Nothing packed begins as JSON does.
    const isPlain = this.decoder.readsPlainJson && (first === 0x7b || first === 0x5b);
    return isPlain ? plainHead(data) : this.decoder.jsonHead(data);
  }
}

function plainHead(data: Uint8Array): Head | undefined {
  const head = headOf(data, headBytesMax);
  const text = utf8Of(head);
  return text === undefined ? undefined : { text, isWhole: head.length === data.length };
}

/** The beginnings of held records that are JSON, as they may be seen: what is hidden is the string `•••` in them. */
import type { Decoder, Head } from '../decode/decoder.ts';
import { JsonHeads } from './jsonHeads.ts';
import type { Masking } from './masking.ts';
import type { RowStore } from './rowStore.ts';

export class MaskedHeads extends JsonHeads {
  private readonly masking: Masking;

  constructor(
    store: RowStore,
    { decoder, masking }: { readonly decoder: Decoder; readonly masking: Masking },
  ) {
    super(store, decoder);
    this.masking = masking;
  }

  override of(slot: number): Head | undefined {
    const head = super.of(slot);
    if (!head || !this.masking.isOn) return head;
    const { text } = this.masking.page(
      { text: head.text, format: 'json' },
      Number.MAX_SAFE_INTEGER,
    );
    return { ...head, text };
  }
}

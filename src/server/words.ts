/**
 * What stands between the values of a record in a page, written eight bytes at a time: thousands of records have it,
 * and a call for each costs more than its bytes.
 */
import { assert } from '../base/assert.ts';

/** Bytes of one word. */
const wordBytes = 8;

export class Words {
  /** Bytes that it is long. */
  readonly length: number;
  private readonly words: Float64Array;

  /**
   * `text`: one character for each byte. No eight bytes of it, from the first on, may be a number that is none (NaN),
   * which Node may write as another one; ASCII never is.
   */
  constructor(text: string) {
    const view = new DataView(new ArrayBuffer(text.length + wordBytes - 1));
    for (let at = 0; at < text.length; at++) view.setUint8(at, text.charCodeAt(at));
    this.length = text.length;
    this.words = Float64Array.from({ length: Math.ceil(text.length / wordBytes) }, (_, word) =>
      view.getFloat64(word * wordBytes, true),
    );
    assert(!this.words.some(Number.isNaN), 'bytes that are no number');
  }

  /** Returns where it ends. Up to seven bytes behind that are overwritten. */
  write(view: DataView, at: number): number {
    const { words } = this;
    for (let word = 0; word < words.length; word++) {
      view.setFloat64(at + word * wordBytes, words[word]!, true);
    }
    return at + this.length;
  }
}

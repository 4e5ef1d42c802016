/** The bytes that were reached inside a record, with their text, which several decoders ask for. */
import { headOf, textOf, textProblem, utf8Of } from './text.ts';

export class Content {
  readonly data: Uint8Array;
  /** True when there is more of the data than was unpacked. */
  readonly isPart: boolean;
  /** True when `text` is the text of the beginning. */
  readonly isHead: boolean;
  private readonly head: Uint8Array;
  private found: string | undefined;
  private isLookedAt = false;
  private foundProblem: string | undefined;

  /** `headBytesMax`: how far `text` looks. */
  constructor(
    data: Uint8Array,
    { isPart, headBytesMax }: { isPart: boolean; headBytesMax: number },
  ) {
    this.data = data;
    this.isPart = isPart;
    const head = headOf(data, headBytesMax);
    this.isHead = isPart || head.length < data.length;
    // The last character of a part may be there in part only.
    this.head = isPart && head.length === data.length ? headOf(data, data.length - 1) : head;
  }

  /** Undefined when it is not UTF-8, or has characters that nobody can read. */
  get text(): string | undefined {
    if (!this.isLookedAt) {
      this.found = textOf(this.head);
      this.isLookedAt = true;
    }
    return this.found;
  }

  /** The text with its control characters, for who asked for text. */
  get anyText(): string | undefined {
    return this.text ?? utf8Of(this.head);
  }

  /** Why there is no `text`. */
  get problem(): string {
    this.foundProblem ??= textProblem(this.head) ?? 'is text';
    return this.foundProblem;
  }
}

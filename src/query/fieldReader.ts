/**
 * Finds values in JSON text by their paths, all paths in one pass and without parsing: numbers keep every digit, and
 * a text of which only the beginning is there tells what stands in it. The same steps lead to the same values as
 * in a query, `PathTest` of jsonMatcher.ts.
 */
import { open, spaceEnd, unescaped, valueEnd, walkList, walkObject } from './jsonWalk.ts';
import type { Span } from './span.ts';
import { everyItem, type Step } from './tree.ts';

export interface FieldsFound {
  /** By path: where its values stand, in the order of the text; none where there is no such value. */
  readonly spans: readonly (readonly Span[])[];
  /** The text ends before its JSON does: what was not found may come later. */
  readonly isOpen: boolean;
}

export class FieldReader {
  private readonly paths: readonly (readonly Step[])[];
  private readonly all: readonly number[];
  private text = '';
  private spans: Span[][] = [];

  constructor(paths: readonly (readonly Step[])[]) {
    this.paths = paths;
    this.all = paths.map((_, index) => index);
  }

  /** Text that is neither an object nor a list has no values. Of a name that is there twice the last one counts. */
  read(text: string): FieldsFound {
    this.text = text;
    this.spans = this.paths.map(() => []);
    const start = spaceEnd(text, 0);
    const isJson = text[start] === '{' || text[start] === '[';
    const end = isJson ? this.take(this.all, { at: start, depth: 0 }) : start;
    const isWhole = isJson && end >= 0 && spaceEnd(text, end) >= text.length;
    const { spans } = this;
    this.text = '';
    this.spans = [];
    const isOpen = end === open;
    return { spans: isWhole || isOpen ? spans : spans.map(() => []), isOpen };
  }

  /** The value at `at`, to which the first `depth` steps of `paths` lead; answers where it ends. */
  private take(paths: readonly number[], { at, depth }: { at: number; depth: number }): number {
    const deeper = paths.filter((path) => this.paths[path]!.length > depth);
    const end = this.enter(deeper, { at, depth });
    if (end < 0) return end;
    for (const path of paths) {
      if (this.paths[path]!.length === depth) this.spans[path]!.push({ start: at, end });
    }
    return end;
  }

  private enter(paths: readonly number[], { at, depth }: { at: number; depth: number }): number {
    const sign = this.text[at];
    const isContainer = sign === '{' || sign === '[';
    if (paths.length === 0 || !isContainer) return valueEnd(this.text, at);
    const next = depth + 1;
    if (sign === '[') {
      return walkList(this.text, at, (index, from) => {
        const wanted = paths.filter((path) => leads(this.paths[path]![depth]!, index));
        return this.takeIf(wanted, { at: from, depth: next });
      });
    }
    const before = paths.map((path) => this.spans[path]!.length);
    return walkObject(this.text, at, (written, from) => {
      const name = unescaped(written);
      const wanted = paths.filter((path, index) => {
        const step = this.paths[path]![depth]!;
        // What an earlier member of this name led to does not count.
        if (step === name) this.spans[path]!.length = before[index]!;
        return step === name || step === everyItem;
      });
      return this.takeIf(wanted, { at: from, depth: next });
    });
  }

  private takeIf(paths: readonly number[], place: { at: number; depth: number }): number {
    return paths.length > 0 ? this.take(paths, place) : valueEnd(this.text, place.at);
  }
}

const leads = (step: Step, index: number): boolean => step === index || step === everyItem;

/**
 * The chain of decoders: containers as long as one fits, then the first leaf that reads what was reached. Each
 * is asked in a fixed order, and what none proves is text or bytes.
 */
import { assert } from '../base/assert.ts';
import { base64 } from './base64.ts';
import type { Container } from './container.ts';
import { Content } from './content.ts';
import {
  beginsAs,
  type Decoded,
  type Decoder,
  type Head,
  type Preview,
  type Source,
} from './decoder.ts';
import { gzip } from './gzip.ts';
import { hex } from './hex.ts';
import { json } from './json.ts';
import { kpl } from './kpl.ts';
import type { Leaf, Page, Shown } from './leaf.ts';
import { plainText } from './plainText.ts';
import { afterMark, headBytesMax } from './text.ts';
import { type Layer, Unpacking, unpackedBytesMax, type Wanted } from './unpacking.ts';
import { zlib } from './zlib.ts';

const containers: readonly Container[] = [gzip, zlib, base64];
const leaves: readonly Leaf[] = [kpl, json, plainText, hex];
/** What shows a record that pinned decoders do not fit. */
const fallbacks: readonly Leaf[] = [plainText, hex];

/** The names that can be pinned, containers first. */
export const decoderNames: readonly string[] = [...containers, ...leaves].map(({ name }) => name);

/** Of what unpacks to more than is unpacked, a search looks at so much of the beginning, or more. */
const searchedBytesMin = 2 * 1024 * 1024;
/** A row proves what is no longer, and so does what comes out of it; of more it looks at the beginning. */
export const rowBytesMax = 16 * 1024;
/** Of a beginning that was unpacked so many bytes are enough. None of these goes by what is shown: a row has one format. */
const rowHeadBytes = rowBytesMax / 2;

export interface ChainOptions {
  /**
   * The decoders of a stream, outermost first, such as `['gzip', 'json']`: just these are asked, without a
   * claim to prove. Without one for what is inside, the automatic ones read that. Empty or absent: automatic.
   */
  readonly pinned?: readonly string[];
}

/** Why `pinned` is no chain, as a sentence, or undefined when it is one. */
export function pinProblem(pinned: readonly string[]): string | undefined {
  const unknown = pinned.find((name) => !decoderNames.includes(name));
  if (unknown !== undefined) {
    return `There is no decoder \`${unknown.slice(0, 40)}\`. Use ${decoderNames.join(', ')}.`;
  }
  const { around, inside } = pinsOf(pinned);
  if (around.length + (inside ? 1 : 0) < pinned.length) {
    return `Only the last decoder can be one of ${leaves.map(({ name }) => name).join(', ')}.`;
  }
  return undefined;
}

interface Pins {
  readonly around: readonly Container[];
  readonly inside: Leaf | undefined;
}

function pinsOf(pinned: readonly string[]): Pins {
  const inside = leaves.find(({ name }) => name === pinned.at(-1));
  const names = inside ? pinned.slice(0, -1) : pinned;
  const around = names.flatMap((name) => containers.filter((container) => container.name === name));
  return { around, inside };
}

/** Pins that `pinProblem` has something to say about are a mistake of the caller's. */
export function chainOf({ pinned = [] }: ChainOptions = {}): Decoder {
  assert(pinProblem(pinned) === undefined, 'these decoders are no chain');
  const pins = pinned.length > 0 ? pinsOf(pinned) : undefined;
  const readsJson = pins?.inside === undefined || pins.inside === json;
  return {
    readsJson,
    readsPlainJson: readsJson && (pins?.around ?? []).length === 0,
    preview: (data, charactersMax) => preview(data, { charactersMax, pins }),
    full: (data, charactersMax) => full(data, { charactersMax, pins }),
    searchText: (data) => searchText(data, pins),
    jsonHead: (data) => jsonHead(data, pins),
    source: (data, previewCharacters) => source(data, { pins, previewCharacters }),
  };
}

interface Order {
  readonly charactersMax: number;
  readonly pins: Pins | undefined;
}

const empty = { text: '', isCut: false, format: 'empty' };

function preview(data: Uint8Array, order: Order): Preview {
  if (data.length === 0) return empty;
  const run = new Run(data, { order, purpose: 'row' });
  const { shown, format } = run.read((leaf, content, asked) => leaf.line(content, asked));
  return {
    text: shown.text,
    isCut: shown.isCut,
    format: shown.isByBeginning ? `${beginsAs}${format}` : format,
  };
}

function full(data: Uint8Array, order: Order): Decoded {
  if (data.length === 0) {
    const steps = [{ decoder: 'empty', outcome: 'read', why: 'there is no data' }] as const;
    return { ...empty, steps };
  }
  const run = new Run(data, { order, purpose: 'details' });
  const { shown, format } = run.read((leaf, content, asked) => {
    const page = leaf.page(content, asked);
    run.note(leaf, page);
    return page.outcome === 'read' ? page : undefined;
  });
  return { text: shown.text, isCut: shown.isCut, format, steps: run.attempts };
}

function searchText(data: Uint8Array, pins: Pins | undefined): string {
  const run = new Run(data, { order: { charactersMax: 0, pins }, purpose: 'search' });
  return afterMark(run.searched());
}

function jsonHead(data: Uint8Array, pins: Pins | undefined): Head | undefined {
  const run = new Run(data, {
    order: { charactersMax: 0, pins },
    purpose: 'head',
  });
  let head: Content | undefined;
  const { format } = run.read((leaf, content, asked) => {
    head = content;
    return leaf.line(content, asked);
  });
  const text = /\bjson\b/.test(format) ? head?.text : undefined;
  return text === undefined ? undefined : { text: afterMark(text), isWhole: !head!.isHead };
}

interface SourceOptions {
  readonly pins: Pins | undefined;
  readonly previewCharacters: number | undefined;
}

function source(data: Uint8Array, { pins, previewCharacters }: SourceOptions): Source {
  const isPreview = previewCharacters !== undefined;
  const order = { charactersMax: previewCharacters ?? 0, pins };
  const run = new Run(data, { order, purpose: isPreview ? 'row' : 'details' });
  let reached: Content | undefined;
  const { leaf } = run.read((leaf, content, asked) => {
    reached = content;
    if (isPreview) return leaf.line(content, asked);
    const page = leaf.page(content, asked);
    return page.outcome === 'read' ? page : undefined;
  });
  const isText = leaf !== kpl && leaf !== hex;
  const shown = {
    text: isText ? reached?.anyText : undefined,
    data: reached?.data ?? data,
    isPart: (isText ? reached?.isHead : reached?.isPart) ?? true,
  };
  const automatic = pins && automaticSource(data, { shown, previewCharacters });
  return automatic ? { ...shown, automatic } : shown;
}

interface AutomaticOptions {
  readonly shown: Source;
  readonly previewCharacters: number | undefined;
}

/** Undefined where it is the same. */
function automaticSource(
  data: Uint8Array,
  { shown, previewCharacters }: AutomaticOptions,
): Source | undefined {
  const found = source(data, { pins: undefined, previewCharacters });
  const isSame = found.text === shown.text && (found.text !== undefined || found.data === data);
  return isSame ? undefined : found;
}

type Look = (
  leaf: Leaf,
  content: Content,
  asked: { charactersMax: number; isPinned: boolean },
) => Shown | undefined;

/** What a record is read for: its row, its details, a search in it, the beginning of its text. */
type Purpose = 'row' | 'details' | 'search' | 'head';

interface RunOptions {
  readonly order: Order;
  readonly purpose: Purpose;
}

function wantedFor(purpose: Purpose): Wanted {
  switch (purpose) {
    case 'row':
      return { bytesMax: rowBytesMax, enoughBytes: rowHeadBytes };
    case 'details':
      return { bytesMax: unpackedBytesMax, enoughBytes: 0 };
    case 'search':
      // Less of a record of some megabytes, as packed batches are, would be wrong answers.
      return { bytesMax: unpackedBytesMax, enoughBytes: searchedBytesMin };
    case 'head':
      return { bytesMax: 2 * headBytesMax, enoughBytes: headBytesMax };
  }
}

/** How far into what was reached the text is looked at. */
const lookedAtMax = { row: rowBytesMax, head: headBytesMax, details: Infinity, search: Infinity };

/** One record on its way through the chain. */
class Run {
  private readonly unpacking: Unpacking;
  private readonly options: RunOptions;
  /** True once a pinned decoder did not fit. */
  private isMisfit = false;

  constructor(data: Uint8Array, options: RunOptions) {
    this.options = options;
    const hasReport = options.purpose === 'details';
    this.unpacking = new Unpacking(data, { wanted: wantedFor(options.purpose), hasReport });
    const { pins } = options.order;
    if (pins) this.openPinned(pins.around);
    else this.unpacking.openAll(containers);
  }

  get attempts(): Decoded['steps'] {
    return this.unpacking.attempts ?? [];
  }

  note(leaf: Leaf, { outcome, why }: Page): void {
    this.unpacking.attempts?.push({ decoder: leaf.name, outcome, why });
  }

  /** Asks leaf after leaf; the last one reads everything. */
  read(look: Look): { shown: Shown; leaf: Leaf; format: string } {
    const { unpacking } = this;
    for (;;) {
      const { layer } = unpacking;
      const content = this.contentOf(layer);
      const found = this.readPinned(content, look) ?? this.readFirst(content, look);
      const isProven = found.leaf.isProof || this.options.order.pins !== undefined;
      if (isProven || layer.container?.needsProofInside !== true) {
        return { ...found, format: this.formatOf(found.leaf) };
      }
      unpacking.undo();
    }
  }

  /** The text to search in. No JSON is looked for where text is enough. */
  searched(): string {
    const { unpacking } = this;
    const { pins } = this.options.order;
    if (pins?.inside === hex && !this.isMisfit) return '';
    const isProof = (leaf: Leaf): boolean =>
      leaf.isProof && leaf.line(content, { charactersMax: 0, isPinned: false }) !== undefined;
    let content = this.contentOf(unpacking.layer);
    while (!pins && unpacking.layer.container?.needsProofInside && !leaves.some(isProof)) {
      unpacking.undo();
      content = this.contentOf(unpacking.layer);
    }
    const text = pins?.inside === plainText ? content.anyText : content.text;
    return kpl.searchText?.(content) ?? text ?? '';
  }

  /** In their order, up to the first that does not fit. */
  private openPinned(around: readonly Container[]): void {
    const { unpacking } = this;
    this.isMisfit = !around.every((container) =>
      container.needsProofInside ? unpacking.open(container) : unpacking.tryOpen(container),
    );
  }

  private readPinned(content: Content, look: Look): { shown: Shown; leaf: Leaf } | undefined {
    const leaf = this.options.order.pins?.inside;
    if (!leaf || this.isMisfit) return undefined;
    const shown = look(leaf, content, { charactersMax: this.charactersMax, isPinned: true });
    if (shown) return { shown, leaf };
    this.isMisfit = true;
    return undefined;
  }

  private readFirst(content: Content, look: Look): { shown: Shown; leaf: Leaf } {
    const { charactersMax } = this;
    for (const leaf of this.isMisfit ? fallbacks : leaves) {
      const shown = look(leaf, content, { charactersMax, isPinned: false });
      if (shown) return { shown, leaf };
    }
    return { shown: { text: '', isCut: true }, leaf: hex };
  }

  private get charactersMax(): number {
    return this.options.order.charactersMax;
  }

  private contentOf({ data, isPart }: Layer): Content {
    const headBytesMax = Math.min(lookedAtMax[this.options.purpose], data.length);
    return new Content(data, { isPart, headBytesMax });
  }

  private formatOf(leaf: Leaf): string {
    const { layers } = this.unpacking;
    let format = leaf.format;
    for (let at = layers.length - 1; at > 0; at--)
      format = `${layers[at]!.container!.name} ${format}`;
    return this.isMisfit ? `${format}, not as pinned` : format;
  }
}

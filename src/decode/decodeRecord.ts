/** Decodes a record's data: unpacks, then JSON, text or bytes. Bounded, and never throws. */
import type { Decoded, Decoder, Preview } from './decoder.ts';
import { hexDump, hexLine } from './hex.ts';
import { indentJson } from './indentJson.ts';
import { cut, headOf, oneLine, textOf } from './text.ts';
import { type Unpacked, unpack, unpackHead } from './unpack.ts';

/** JSON up to this length is parsed for a preview's format; longer text goes by its first and last character. */
const parsedForPreviewMax = 2048;
/** JSON longer than this is shown as it is: reading it would stop the thread. */
const parsedBytesMax = 4 * 1024 * 1024;
const searchedBytesMax = 4 * 1024 * 1024;

/** Decodes what needs no schema: gzip, zlib, JSON, UTF-8 text, else bytes in hexadecimal. */
export const plainDecoder: Decoder = { preview, full, searchText };

function preview(data: Uint8Array, charactersMax: number): Preview {
  if (data.length === 0) return { text: '', isCut: false, format: 'empty' };
  const unpacked = unpackHead(data);
  const name = (format: string): string => formatName(unpacked, format);
  const head = headOf(unpacked.data, charactersMax * 4);
  const isHead = unpacked.isPart || head.length < unpacked.data.length;
  const text = textOf(unpacked.isPart ? headOf(head, head.length - 1) : head);
  if (text === undefined) {
    const hex = hexLine(unpacked.data, charactersMax);
    return { text: hex.text, isCut: hex.isCut || unpacked.isPart, format: name('binary') };
  }
  const line = oneLine(text, charactersMax);
  const isJson = isHead ? looksLikeJson(text, unpacked) : isJsonText(text);
  return { text: line.text, isCut: line.isCut || isHead, format: name(isJson ? 'json' : 'text') };
}

function formatName({ packing }: Unpacked, format: string): string {
  return packing ? `${packing} ${format}` : format;
}

/** A guess from both ends; the end is not known of a part. */
function looksLikeJson(head: string, { data, isPart }: Unpacked): boolean {
  const first = /^\s*([{[])/.exec(head)?.[1];
  if (!first || isPart) return first !== undefined;
  const tail = String.fromCharCode(...data.subarray(-16)).trimEnd();
  return tail.endsWith(first === '{' ? '}' : ']');
}

function isJsonText(text: string): boolean {
  if (!/^\s*[{[]/.test(text) || !/[}\]]\s*$/.test(text)) return false;
  return text.length > parsedForPreviewMax || parse(text) !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function full(data: Uint8Array, charactersMax: number): Decoded {
  if (data.length === 0) return { text: '', isCut: false, format: 'empty', steps: ['no data'] };
  const unpacked = unpack(data);
  const steps = unpacked.step === undefined ? [] : [unpacked.step];
  const text = textOf(
    unpacked.isPart ? headOf(unpacked.data, unpacked.data.length - 1) : unpacked.data,
  );
  if (text === undefined) {
    const dump = hexDump(unpacked.data, charactersMax);
    const format = formatName(unpacked, 'binary');
    return { ...dump, isCut: dump.isCut || unpacked.isPart, format, steps: [...steps, 'bytes'] };
  }
  const { shown, format, step } = readText(text, charactersMax);
  return {
    text: cut(shown, charactersMax),
    isCut: shown.length > charactersMax || unpacked.isPart,
    format: formatName(unpacked, format),
    steps: [...steps, step],
  };
}

function readText(
  text: string,
  charactersMax: number,
): { shown: string; format: string; step: string } {
  if (!/^\s*[{[]/.test(text)) return { shown: text, format: 'text', step: 'UTF-8 text' };
  if (text.length > parsedBytesMax) {
    return { shown: text, format: 'json', step: 'JSON, too long to be indented' };
  }
  const value = parse(text);
  if (value === undefined) return { shown: text, format: 'text', step: 'UTF-8 text' };
  const step = Array.isArray(value) ? 'JSON array' : 'JSON object';
  return { shown: indentJson(text, charactersMax), format: 'json', step };
}

function searchText(data: Uint8Array): string {
  const unpacked = unpack(data);
  return textOf(headOf(unpacked.data, searchedBytesMax)) ?? '';
}

/** Does a mask hide anything in bytes: whoever is shown them may read them as text, in whatever encoding they are. */
import { deaggregate, isAggregate } from './kplAggregate.ts';
import type { Masker } from './mask.ts';

const utf8 = new TextDecoder();
const utf16 = new TextDecoder('utf-16le');
/** Latin-1 with a few signs more. */
const latin1 = new TextDecoder('windows-1252');

/**
 * In the first `bytesMax` of them. Of an aggregate each user record and its key are looked at, too. With `PartitionKey` hidden, all that begins as
 * aggregates do is: also what is broken has its keys in it. No stretch is told, as there is none in hexadecimal.
 */
export function hidesBytes(masker: Masker, bytes: Uint8Array, bytesMax = bytes.length): boolean {
  if (isAggregate(bytes)) {
    if (masker.hidesKeys) return true;
    const found = deaggregate(bytes);
    const records = found.kind === 'aggregate' ? found.records : [];
    const isHidden = records.some(
      ({ partitionKey, data }) => masker.spans(partitionKey).length > 0 || hidesBytes(masker, data),
    );
    if (isHidden) return true;
  }
  return textsOf(bytes.subarray(0, bytesMax)).some((text) => masker.hidesAmong(text));
}

/** In UTF-8, Latin-1 and UTF-16: a text of two bytes a character may begin at any byte. */
function textsOf(bytes: Uint8Array): string[] {
  const odd = bytes.subarray(1);
  const pairs = [bytes, odd, swappedOf(bytes), swappedOf(odd)];
  const texts = [
    utf8.decode(bytes),
    latin1.decode(bytes),
    ...pairs.map((two) => utf16.decode(two)),
  ];
  return [...new Set(texts)];
}

/** Each two bytes the other way round; one that is left over goes. */
function swappedOf(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length & ~1);
  for (let at = 0; at < swapped.length; at += 2) {
    swapped[at] = bytes[at + 1]!;
    swapped[at + 1] = bytes[at]!;
  }
  return swapped;
}

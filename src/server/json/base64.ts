/** Base64 as AWS reads it: padded, with no foreign character and no stray bits, or a sentence why not. */
import { KinesisError } from '../../kinesis/errors.ts';

const shownCharactersMax = 1024;

/** The bytes of `text`. Throws a SerializationException unless it is canonical base64. */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what it cannot read, so only equality proves that it read everything. Writing it
  // again costs 0.5 us a KiB; a regular expression would cost fifty times that.
  if (bytes.toString('base64') !== text) throw refusal(text);
  return bytes;
}

/** @source measured: the typing error in the last sentence is AWS's. */
function refusal(text: string): KinesisError {
  const shown = text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}…` : text;
  return new KinesisError(
    'SerializationException',
    `'${shown}' can not be converted to a Blob: ${reason(text)}`,
  );
}

function reason(text: string): string {
  if (text.length % 4 !== 0) {
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`;
  }
  const body = text.replace(/={1,2}$/, '');
  const foreign = /[^A-Za-z0-9+/]/u.exec(body);
  if (foreign) return `Invalid Base64 character: '${foreign[0]}'`;
  return 'Invalid last non-pad Base64 character dectected';
}

/**
 * The header block of an answer (RFC 7541), one character for each byte. It names what every client knows
 * and fills no table: an answer's ids are never the same again.
 */
import type { AnswerHeaders, AnswerIds } from '../exchange.ts';

/** Of statuses that have a number of their own. */
const statuses: ReadonlyMap<number, string> = new Map(
  [200, 204, 206, 304, 400, 404, 500].map((status, at) => [status, String.fromCharCode(0x88 + at)]),
);
const namedStatus = '\x08';
/** Numbers of names, in the form of a header that is not to be kept. */
const numbered = { 'content-length': '\x0f\x0d', 'content-type': '\x0f\x10', date: '\x0f\x12' };
const prefixes = new Map<string, string>(Object.entries(numbered));
/** As many others are kept; ours are few. */
const prefixesMax = 64;
const lengthBits = 0x7f;

export interface AnswerFacts {
  readonly status: number;
  readonly ids: AnswerIds;
  readonly headers: AnswerHeaders;
  readonly date: string;
  /** Undefined for an answer in parts. */
  readonly length: number | undefined;
}

export function answerBlock({ status, ids, headers, date, length }: AnswerFacts): string {
  let block = statuses.get(status) ?? namedStatus + text(String(status));
  block += field('x-amzn-requestid', ids.requestId) + field('x-amz-id-2', ids.hostId);
  for (let at = 0; at < headers.length; at += 2) block += field(headers[at]!, headers[at + 1]!);
  if (length !== undefined) block += field('content-length', String(length));
  return block + field('date', date);
}

/** What tells a client that waits for it to send its body. */
export const continueBlock = namedStatus + text('100');

const field = (name: string, value: string): string => prefixOf(name) + text(value);

function prefixOf(name: string): string {
  const made = prefixes.get(name);
  if (made !== undefined) return made;
  const lower = name.toLowerCase();
  const prefix = prefixes.get(lower) ?? `\0${text(lower)}`;
  if (prefixes.size < prefixesMax) prefixes.set(name, prefix);
  return prefix;
}

function text(value: string): string {
  let rest = value.length - lengthBits;
  if (rest < 0) return String.fromCharCode(value.length) + value;
  let length = String.fromCharCode(lengthBits);
  for (; rest >= 0x80; rest >>>= 7) length += String.fromCharCode((rest & 0x7f) | 0x80);
  return length + String.fromCharCode(rest) + value;
}

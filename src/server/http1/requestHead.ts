/**
 * Reads the head of a request as the SDKs send it: `POST / HTTP/1.1`, each header once, a body of known
 * length. It decides nothing else: whatever is not of that form is `foreign`, and Node's own HTTP/1.1 server
 * reads it, which also answers what is wrong. On all that it takes it must agree with that server: a
 * property test compares the two.
 */

export interface RequestHead {
  /** By name in lower case; each value without the blanks around it. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes of the body. */
  readonly contentLength: number;
  /** Whether the client wants the connection closed after the answer. */
  readonly isLast: boolean;
  /** Where the body begins in the text that was read. */
  readonly end: number;
}

const requestLine = 'POST / HTTP/1.1\r\n';
const headEnd = '\r\n\r\n';
/** Names that ask for more than one body of known length and one answer. */
const foreignNames: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'expect',
  'upgrade',
  'trailer',
  'proxy-connection',
]);
/** What may be in a value: no control character but the tabulator. */
const badInValue = /[^\t\x20-\x7e\x80-\xff]/;
const nameForm = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const lengthForm = /^\d{1,15}$/;

/** As many names are kept in lower case; clients send few. */
const namesMax = 256;
const namesLengthMax = 64;
const names = new Map<string, string>();

/**
 * The head at the beginning of `text`, one character a byte. `partial`: it may be one once there is more.
 */
export function readHead(text: string): RequestHead | 'partial' | 'foreign' {
  if (!text.startsWith(requestLine)) return isBegun(text) ? 'partial' : 'foreign';
  const end = text.indexOf(headEnd, requestLine.length - 2);
  if (end < 0) return 'partial';
  const headers = readHeaders(text, end + 2);
  return headers ? headOf(headers, end + headEnd.length) : 'foreign';
}

const isBegun = (text: string): boolean =>
  text.length < requestLine.length && requestLine.startsWith(text);

/** Every line from the second to `end`; undefined when one is not as it should be. */
function readHeaders(text: string, end: number): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let at = requestLine.length; at < end; ) {
    const lineEnd = text.indexOf('\r\n', at);
    const colon = text.indexOf(':', at);
    if (colon < 0 || colon > lineEnd) return undefined;
    const name = nameOf(text.slice(at, colon));
    if (name === undefined || headers.has(name) || foreignNames.has(name)) return undefined;
    const value = trimmed(text, { from: colon + 1, to: lineEnd });
    if (badInValue.test(value)) return undefined;
    headers.set(name, value);
    at = lineEnd + 2;
  }
  return headers;
}

/** In lower case; undefined when it is no name. */
function nameOf(raw: string): string | undefined {
  const known = names.get(raw);
  if (known !== undefined || !nameForm.test(raw)) return known;
  // Copies: a part of a text keeps all of it.
  const name = Buffer.from(raw.toLowerCase(), 'latin1').latin1Slice();
  if (names.size < namesMax && raw.length <= namesLengthMax)
    names.set(Buffer.from(raw, 'latin1').latin1Slice(), name);
  return name;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

function trimmed(text: string, { from, to }: { from: number; to: number }): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function headOf(headers: ReadonlyMap<string, string>, end: number): RequestHead | 'foreign' {
  const length = headers.get('content-length');
  const connection = headers.get('connection')?.toLowerCase() ?? 'keep-alive';
  if (length === undefined || !lengthForm.test(length) || !headers.has('host')) return 'foreign';
  if (connection !== 'keep-alive' && connection !== 'close') return 'foreign';
  return { headers, contentLength: Number(length), isLast: connection === 'close', end };
}

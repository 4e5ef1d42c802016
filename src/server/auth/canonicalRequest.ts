/**
 * The text of a request that a signature of version 4 is made of. It writes down what came in, whether
 * that makes sense or not.
 */
import type { Exchange } from '../exchange.ts';

export type SignedRequest = Pick<Exchange, 'method' | 'path' | 'search' | 'header'>;

/** The names of a SignedHeaders list. */
export interface SignedNames {
  readonly names: readonly string[];
  /** As it stands in the canonical request: in lower case and in order. */
  readonly text: string;
}

/** Clients send the same list again and again. */
const listsMax = 256;
const listCharactersMax = 1024;
const lists = new Map<string, SignedNames>();

export function signedNames(signedHeaders: string): SignedNames {
  const known = lists.get(signedHeaders);
  if (known) return known;
  const names = signedHeaders.toLowerCase().split(';').sort();
  const made = { names, text: names.join(';') };
  if (lists.size < listsMax && signedHeaders.length <= listCharactersMax) {
    lists.set(signedHeaders, made);
  }
  return made;
}

/** `payload`: the hash of the body in hexadecimal, or what stands for it. */
export function canonicalRequest(
  request: SignedRequest,
  { signed, payload }: { signed: SignedNames; payload: string },
): string {
  let headers = '';
  for (const name of signed.names) headers += `${name}:${plain(request.header(name) ?? '')}\n`;
  const { method, path, search } = request;
  return `${method}\n${canonicalPath(path)}\n${canonicalQuery(search)}\n${headers}\n${signed.text}\n${payload}`;
}

/** Blanks around a value are gone, those in it are one. */
const plain = (value: string): string =>
  value.includes('  ') || value.includes('\t') || value !== value.trim()
    ? value.trim().replace(/\s+/g, ' ')
    : value;

/** Without `.`, `..` and doubled slashes, and encoded once more than it came. */
export function canonicalPath(path: string): string {
  if (path === '/') return path;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.map(encoded).join('/')}${end}`;
}

/** In order, each name and value encoded once; without a signature that is in it. */
export function canonicalQuery(search: string): string {
  if (search === '') return '';
  const pairs = search
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = equals < 0 ? pair : pair.slice(0, equals);
      const value = equals < 0 ? '' : pair.slice(equals + 1);
      return [encoded(decoded(name)), encoded(decoded(value))] as const;
    });
  return pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

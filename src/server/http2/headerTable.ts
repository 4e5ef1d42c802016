/** The headers that a block may name by number (RFC 7541): those that everybody knows, then the newest. */

export interface Header {
  readonly name: string;
  readonly value: string;
  /** A request may have it. */
  readonly isAllowed: boolean;
}

/** Of a header of HTTP/1.1's connections, which HTTP/2 must not have. */
const foreignNames: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
const pseudoNames: ReadonlySet<string> = new Set([':method', ':scheme', ':authority', ':path']);
const nameForm = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const badInValue = /^[\t ]|[\t ]$|[^\t\x20-\x7e\x80-\xff]/;

export function headerOf(name: string, value: string): Header {
  const isName = pseudoNames.has(name) || (nameForm.test(name) && !foreignNames.has(name));
  const isFine = isName && !badInValue.test(value);
  return { name, value, isAllowed: isFine && (name !== 'te' || value === 'trailers') };
}

const known: readonly Header[] = [
  ':authority',
  ':method=GET',
  ':method=POST',
  ':path=/',
  ':path=/index.html',
  ':scheme=http',
  ':scheme=https',
  ...[200, 204, 206, 304, 400, 404, 500].map((status) => `:status=${status}`),
  'accept-charset',
  'accept-encoding=gzip, deflate',
  ...['accept-language', 'accept-ranges', 'accept', 'access-control-allow-origin', 'age', 'allow'],
  ...['authorization', 'cache-control', 'content-disposition', 'content-encoding'],
  ...['content-language', 'content-length', 'content-location', 'content-range', 'content-type'],
  ...['cookie', 'date', 'etag', 'expect', 'expires', 'from', 'host', 'if-match'],
  ...['if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'last-modified'],
  ...['link', 'location', 'max-forwards', 'proxy-authenticate', 'proxy-authorization', 'range'],
  ...['referer', 'refresh', 'retry-after', 'server', 'set-cookie', 'strict-transport-security'],
  ...['transfer-encoding', 'user-agent', 'vary', 'via', 'www-authenticate'],
].map((text) => {
  const [name = '', value = ''] = text.split('=');
  return headerOf(name, value);
});

/** What a table counts for an entry beside its texts. */
const entryBytes = 32;
/** What a client may count on without asking. */
export const tableBytesMax = 4096;

const gone = headerOf('gone', '');

export class HeaderTable {
  /** Newest last; those before `first` are gone. */
  private entries: Header[] = [];
  private first = 0;
  private bytes = 0;
  private bytesMax = tableBytesMax;

  /** Undefined: there is none of that number. */
  at(index: number): Header | undefined {
    if (index <= known.length) return known[index - 1];
    const at = this.entries.length - (index - known.length);
    return at >= this.first ? this.entries[at] : undefined;
  }

  /** Makes room; what is larger than the whole table leaves it empty. */
  add(header: Header): void {
    const bytes = sizeOf(header);
    this.shrinkTo(this.bytesMax - bytes);
    if (bytes > this.bytesMax) return;
    this.entries.push(header);
    this.bytes += bytes;
  }

  /** `bytesMax`: at most `tableBytesMax`. */
  resize(bytesMax: number): void {
    this.bytesMax = bytesMax;
    this.shrinkTo(bytesMax);
  }

  private shrinkTo(bytesMax: number): void {
    while (this.bytes > bytesMax && this.first < this.entries.length) {
      this.bytes -= sizeOf(this.entries[this.first]!);
      this.entries[this.first++] = gone; // its texts may be long
    }
    if (this.first < 64 || this.first < this.entries.length / 2) return;
    this.entries = this.entries.slice(this.first);
    this.first = 0;
  }
}

/** As both ends of a connection count it. */
export const sizeOf = ({ name, value }: Header): number => name.length + value.length + entryBytes;

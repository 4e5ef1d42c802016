/**
 * Links to a stream at a place: `vscode://publisher.name/stream?connection=…&stream=…&at=…&filter=…`. Whoever wrote one
 * is not to be trusted: a part is used only when it is what it must be. Pure.
 */
import type { TailStart } from '../protocol/tail.ts';
import type { StreamPlace } from './tree/streamDirectory.ts';

export interface StreamLink extends StreamPlace {
  readonly start: TailStart;
  readonly filter: string;
}

const path = '/stream';
/** More than any link of ours has. */
const linkCharactersMax = 12_288;
const connectionCharactersMax = 200;
/** As many as a filter may have. */
const filterCharactersMax = 1000;
const names = ['connection', 'stream', 'at', 'filter'] as const;

/** As Kinesis has it. @source documented */
const streamName = /^[a-zA-Z0-9_.-]{1,128}$/;
const sequenceNumber = /^[1-9]\d{19,128}$/;
/** With its zone: a link means the same to everybody. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
/** Nothing in Kinesis is older than the service, nor of a far future. */
const earliestMs = Date.UTC(2013, 0);
const latestMs = Date.UTC(2200, 0);

/**
 * Controls, and what turns the text around it: in no name and no filter that anybody writes. The two joiners are: they
 * make one emoji of several, and words of Persian and Hindi.
 */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

/** `base`: `vscode://publisher.name`. */
export function formatLink(
  base: string,
  { connection, stream, start, filter }: StreamLink,
): string {
  const parts: [string, string][] = [
    ['connection', connection],
    ['stream', stream],
    ['at', atOf(start)],
    ...(filter === '' ? [] : [['filter', filter] satisfies [string, string]]),
  ];
  // Twice: the editor decodes a link's query once before it hands it over.
  const query = parts.map(([name, value]) => `${name}=${twice(value)}`).join('&');
  return `${base}${path}?${query}`;
}

const twice = (text: string): string => encodeURIComponent(encodeURIComponent(text));

function atOf(start: TailStart): string {
  if (start.type === 'LATEST') return 'latest';
  if (start.type === 'TRIM_HORIZON') return 'horizon';
  if (start.type === 'AT_SEQUENCE_NUMBER') return start.sequenceNumber;
  return new Date(start.timestampMs).toISOString();
}

/** Where a link to a tail begins: that it was opened again after a reload is nobody else's matter. */
export function linkStart(start: TailStart | undefined): TailStart {
  if (start?.type !== 'AT_TIMESTAMP') return start ?? { type: 'LATEST' };
  return { type: 'AT_TIMESTAMP', timestampMs: start.timestampMs };
}

/** What the link says, or why it says nothing that can be used, as the end of a sentence. Never throws. */
export function parseLink({ path: asked, query }: { path: string; query: string }) {
  if (asked !== path) return 'it leads to nothing that there is here';
  if (query.length > linkCharactersMax) return 'it is too long';
  const parts = partsOf(query);
  return typeof parts === 'string' ? parts : linkOf(parts);
}

/** Why nobody could open a link to there, as the end of a sentence; undefined: everybody could. */
export function linkProblem({ start, ...rest }: StreamLink): string | undefined {
  const link = linkOf({ ...rest, at: atOf(start) });
  return typeof link === 'string' ? link : undefined;
}

function linkOf({ connection = '', stream = '', at = 'latest', filter = '' }: Parts) {
  if (!isPlain(connection, connectionCharactersMax) || connection === '') {
    return 'it names no connection';
  }
  if (!streamName.test(stream)) return 'it names no stream';
  const start = startOf(at);
  if (!start)
    return 'its place is neither latest, horizon, a time with its zone nor a whole sequence number';
  if (!isPlain(filter, filterCharactersMax))
    return 'its filter is too long or has unseen characters';
  return { connection, stream, start, filter } satisfies StreamLink;
}

type Parts = Partial<Record<(typeof names)[number], string>>;

/** Each part once; what other parts say is ignored. */
function partsOf(query: string): Parts | string {
  const parts: Parts = {};
  for (const pair of query.split('&')) {
    const end = pair.indexOf('=');
    const name = names.find((each) => each === pair.slice(0, Math.max(0, end)));
    if (!name) continue;
    if (parts[name] !== undefined) return `it has two parts \`${name}\``;
    const value = decoded(pair.slice(end + 1));
    if (value === undefined) return `its part \`${name}\` cannot be read`;
    parts[name] = value;
  }
  return parts;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const isPlain = (text: string, max: number): boolean => text.length <= max && !unseen.test(text);

function startOf(at: string): TailStart | undefined {
  if (at === 'latest') return { type: 'LATEST' };
  if (at === 'horizon') return { type: 'TRIM_HORIZON' };
  if (sequenceNumber.test(at)) return { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: at };
  const timestampMs = moment.test(at) ? Date.parse(at) : Number.NaN;
  const isThen = timestampMs >= earliestMs && timestampMs <= latestMs;
  return isThen ? { type: 'AT_TIMESTAMP', timestampMs } : undefined;
}

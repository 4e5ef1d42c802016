/** What completion knows of the stream: from the rows at hand and from its shards. Bounded, and pure. */
import type { RecordRow, TailShard } from '../../src/protocol/tail.ts';
import type { CompletionContext, KnownPath } from '../../src/query/completeQuery.ts';
import { jsonLeaves, type LeafValue } from '../../src/query/jsonLeaves.ts';
import { pathText } from '../../src/query/path.ts';
import { everyItem } from '../../src/query/tree.ts';
import { isJsonFormat } from '../grid/tokens.ts';
import { isHidden } from './masked.ts';

/** So many values of each record are looked at. */
const leavesMax = 100;
/** So much is told at most, of each kind. */
const keysMax = 200;
const formatsMax = 50;
/** A query for `json` finds what only begins so, too. */
const beginsAs = /^begins as /;
const pathsMax = 500;
const valuesMax = 20;
/** A longer text is nothing to choose from a list. */
const valueCharactersMax = 60;

type PlainValue = Exclude<LeafValue, bigint>;

interface SeenPath {
  count: number;
  readonly types: Set<string>;
  readonly values: Map<PlainValue, number>;
}

/** `seen`: the newest last, as many as there are to be looked at. */
export function knownOf(
  seen: readonly RecordRow[],
  shards: readonly TailShard[],
): CompletionContext {
  const records = seen.toReversed();
  return {
    shardIds: shards.map(({ id }) => id),
    keys: some(
      records
        .filter((record) => !isHidden(record, record.partitionKey))
        .map(({ partitionKey }) => partitionKey),
      keysMax,
    ),
    formats: some(
      records.map(({ format }) => format.replace(beginsAs, '')),
      formatsMax,
    ),
    paths: pathsOf(records),
    hasSubRecords: records.some(({ subSequenceNumber }) => subSequenceNumber !== undefined),
  };
}

const some = (texts: readonly string[], max: number): string[] =>
  [...new Set(texts)].filter((text) => text !== '').slice(0, max);

/** The most frequent first. */
function pathsOf(records: readonly RecordRow[]): KnownPath[] {
  const seen = new Map<string, SeenPath>();
  for (const record of records) {
    if (!isJsonFormat(record.format)) continue;
    for (const { steps, value } of jsonLeaves(record.preview, leavesMax)) {
      if (typeof value === 'string' && isHidden(record, value)) continue;
      // Items of lists are all alike as a rule.
      const path = pathText(steps.map((step) => (typeof step === 'number' ? everyItem : step)));
      note(seen, { path, value });
    }
  }
  return [...seen].sort(([, a], [, b]) => b.count - a.count).map(knownPath);
}

function note(seen: Map<string, SeenPath>, { path, value }: { path: string; value: LeafValue }) {
  let known = seen.get(path);
  if (!known) {
    if (seen.size >= pathsMax) return;
    known = { count: 0, types: new Set(), values: new Map() };
    seen.set(path, known);
  }
  known.count++;
  known.types.add(typeOf(value));
  if (typeof value === 'bigint' || String(value).length > valueCharactersMax) return;
  const count = known.values.get(value) ?? 0;
  if (count > 0 || known.values.size < valuesMax) known.values.set(value, count + 1);
}

function typeOf(value: LeafValue): string {
  if (value === null) return 'null';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

function knownPath([path, { types, values }]: [string, SeenPath]): KnownPath {
  const byCount = [...values].sort(([, a], [, b]) => b - a).map(([value]) => value);
  return { path, type: [...types].join(' or '), values: byCount };
}

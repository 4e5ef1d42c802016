// What every client puts and does to its stream: records of each awkward kind around a split, a merge
// and an UpdateShardCount, and a last record for each shard that is open in the end.

export interface WorkRecord {
  readonly key: string;
  readonly explicitHashKey?: string;
  readonly data: Buffer;
}

export type Step =
  | { readonly kind: 'put'; readonly record: WorkRecord }
  | { readonly kind: 'batch'; readonly records: readonly WorkRecord[] }
  | { readonly kind: 'split'; readonly shard: string; readonly at: string }
  | { readonly kind: 'merge'; readonly shard: string; readonly adjacent: string }
  | { readonly kind: 'scale'; readonly count: number };

export interface Plan {
  readonly stream: string;
  readonly shardCount: number;
  readonly steps: readonly Step[];
}

export interface PlanOptions {
  readonly stream: string;
  /** False for a client that takes data for text: then every record is UTF-8. */
  readonly isBinary?: boolean;
  readonly singles?: number;
  readonly batches?: number;
  readonly batchRecords?: number;
  /** More keys, so that the same one comes again only after eight times as many records. */
  readonly keyVariants?: number;
}

/** Keys that begin so are the last of their shard: a reader that has them all has read everything. */
export const endKey = 'end-';

const full = 1n << 128n;
const part = (share: bigint): string => ((full * share) / 8n).toString();
const shard = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;

/**
 * The reshardings of a stream that begins with two shards: 0 is split into 2 and 3, 3 merges with 1
 * into 4, and 2 and 4 are each halved.
 */
const reshardings: readonly Step[] = [
  { kind: 'split', shard: shard(0), at: part(2n) },
  { kind: 'merge', shard: shard(3), adjacent: shard(1) },
  { kind: 'scale', count: 4 },
];

/** Where the shards begin that are open in the end. */
const openAt = [part(0n), part(1n), part(2n), part(5n)];

const keys = [
  'plain',
  'ключ',
  '鍵-かぎ',
  'clé é',
  '🔑🗝️',
  '"quoted\\"',
  'line\nfeed\ttab',
  '\u0001control',
  'k'.repeat(256),
  ...Array.from({ length: 15 }, (_, index) => `key-${index}`),
];

const explicit = [
  ['explicit-first', '0'],
  ['explicit-middle', part(4n)],
  ['explicit-last', (full - 1n).toString()],
] as const;

/** The first is the key itself; a key has at most 256 characters. */
const variantOf = (key: string, variant: number): string =>
  variant === 0 ? key : [...`${variant} ${key}`].slice(0, 256).join('');

/** Makes records one by one, each unlike all before it. */
class RecordSource {
  readonly #isBinary: boolean;
  readonly #keyVariants: number;
  #made = 0;

  constructor({ isBinary = true, keyVariants = 1 }: PlanOptions) {
    this.#isBinary = isBinary;
    this.#keyVariants = keyVariants;
  }

  next(): WorkRecord {
    const ordinal = this.#made++;
    const data = this.#isBinary ? binary(ordinal) : text(ordinal);
    const variant = Math.floor(ordinal / 8) % this.#keyVariants;
    const place = explicit[ordinal % 8];
    if (place) return { key: variantOf(place[0], variant), explicitHashKey: place[1], data };
    return { key: variantOf(keys[(ordinal * 7) % keys.length]!, variant), data };
  }

  take(count: number): WorkRecord[] {
    return Array.from({ length: count }, () => this.next());
  }
}

/** Its number, then bytes of every value, in turn from another one; sizes up to 20 KiB. */
function binary(ordinal: number): Buffer {
  const size = ordinal % 50 === 49 ? 20_480 : 4 + (ordinal % 300);
  const data = Buffer.alloc(size, 0);
  for (let index = 4; index < size; index++) data[index] = (index * 31 + ordinal) & 0xff;
  data.writeUInt32BE(ordinal);
  return data;
}

const text = (ordinal: number): Buffer =>
  Buffer.from(`${ordinal} größer ≥ 大 🧩 {"n": ${ordinal}}`);

function puts(source: RecordSource, options: PlanOptions): Step[] {
  const { singles = 20, batches = 2, batchRecords = 50 } = options;
  return [
    ...source.take(singles).map((record): Step => ({ kind: 'put', record })),
    ...Array.from(
      { length: batches },
      (): Step => ({ kind: 'batch', records: source.take(batchRecords) }),
    ),
  ];
}

export function planOf(options: PlanOptions): Plan {
  const source = new RecordSource(options);
  const last = openAt.map((explicitHashKey, index): Step => {
    const record = { key: `${endKey}${index}`, explicitHashKey, data: Buffer.from(`end ${index}`) };
    return { kind: 'put', record };
  });
  const steps = reshardings.flatMap((step) => [...puts(source, options), step]);
  return {
    stream: options.stream,
    shardCount: 2,
    steps: [...steps, ...puts(source, options), ...last],
  };
}

/** All records in the order in which they are put. */
export function recordsOf(plan: Plan): WorkRecord[] {
  return plan.steps.flatMap((step) => {
    if (step.kind === 'put') return [step.record];
    return step.kind === 'batch' ? step.records : [];
  });
}

/** How many records say that they are the last of their shard. */
export const endCount = openAt.length;

/** How many records arrived when, of those that a tail holds; and where in its rows a moment or a record is. */

/** Stretches of time at most. */
export const histogramBarsMax = 96;
/** Of more shards none is told apart: the themes of VS Code have so many colours for charts. */
export const histogramShardsMax = 6;

/** Of all bars together: bar after bar, and in each one shard after shard. */
export interface TailHistogram {
  /** When the first bar begins, in epoch milliseconds; a whole multiple of `barMs`. */
  readonly startMs: number;
  /** How long each bar is: 100 ms, or twice that once or several times. */
  readonly barMs: number;
  /** The shards that are told apart; empty: all together. */
  readonly shards: readonly string[];
  /** Records held. */
  readonly all: readonly number[];
  /** Those of them that match the filter; absent: all do. */
  readonly matching?: readonly number[];
}

/** A moment in epoch milliseconds, or a record by its sequence number. */
export type SeekAsked = { readonly timestampMs: number } | { readonly sequenceNumber: string };

/** Where it is. */
export type SeekFound =
  /** As of the last tick. */
  | { readonly type: 'found'; readonly position: number }
  /** There are such rows, and the filter leaves them out. */
  | { readonly type: 'filtered' }
  /** Nothing has arrived since that moment; the record is one that the tail has not come to yet. */
  | { readonly type: 'notYet' }
  /** The moment is before the first row held; the record is not among them. */
  | { readonly type: 'notHeld' };

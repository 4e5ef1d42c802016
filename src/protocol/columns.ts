/** The columns of a panel's grid: which, in which order, how wide, and the field whose order is checked. Plain data. */

/** What every record has, whatever its data. */
export const fixedColumns = ['arrived', 'shard', 'key', 'sequence', 'size', 'value'] as const;
export type FixedColumn = (typeof fixedColumns)[number];

/** A column is named as one of `fixedColumns`, or by the path of a JSON field, `$.order.total`. */
export interface GridColumn {
  readonly id: string;
  /** Chosen by the user; absent: as wide as it is made by default. */
  readonly widthPx?: number;
}

export interface GridColumns {
  /** From left to right. */
  readonly shown: readonly GridColumn[];
  /** The path of a field that is shown, whose values may not fall within a partition key. */
  readonly order?: string;
}

export const widthMinPx = 40;
export const widthMaxPx = 2000;
export const fieldColumnsMax = 20;
/** Characters of a cell; one more is `…`. */
export const cellCharactersMax = 256;
/** Paths are shorter, as no query is longer. */
export const pathCharactersMax = 1000;

/**
 * The text of a cell, by the path it was asked with; empty where the record has no such value; null where it may have
 * one behind the part that was looked at.
 */
export type FieldCell = string | null;

/** The single value that a cell shows, all of it, so that a query can ask for it. */
export type CellValue =
  /** A text, as the cell shows it. */
  | 'text'
  /** A number, `true`, `false` or `null`, as the cell shows it. */
  | 'word'
  /** This text, of which the cell shows the white space otherwise. */
  | { readonly text: string }
  /** None: several values, an object, a list, one that is cut or of which something is hidden. */
  | null;

/** A field that records have. */
export interface FoundField {
  readonly path: string;
  /** Of the records that were looked at, those that have it. */
  readonly count: number;
  /** A value of it, as a cell shows it. */
  readonly example: string;
}

export interface FieldsFound {
  /** Records that were looked at; those among them that are JSON. */
  readonly looked: number;
  readonly json: number;
  /** In the order of the first record that has them; at most `foundFieldsMax`. */
  readonly fields: readonly FoundField[];
  readonly isCut: boolean;
}

export const foundFieldsMax = 200;

/** Which row out of order is asked for: the next one behind a position, or before it; of none the first, or the last. */
export interface BrokenAsked {
  readonly from?: number | undefined;
  readonly step: 1 | -1;
}

/** How the order check fares; sent with ticks while there is one. */
export interface OrderState {
  readonly path: string;
  /** Records held that are out of order. */
  readonly flagged: number;
  /** Rows held that were not looked at yet. */
  readonly waiting: number;
  /** Partition keys that are watched; further ones are not once there are `orderKeysMax`. */
  readonly keys: number;
  /** Records of keys that are not watched. */
  readonly unwatched: number;
  /** Raised when rows that were told before are flagged: ask for their pages again. */
  readonly revision: number;
}

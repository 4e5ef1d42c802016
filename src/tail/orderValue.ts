/** What the order check compares: numbers with numbers, dates with dates, other texts with such. */
import { unescaped } from '../query/jsonWalk.ts';
import { momentMsOf } from '../query/values.ts';

/** Values of different kinds are not compared. */
export type OrderValue =
  /** A bigint where a double would not hold it. */
  | { readonly kind: 'number'; readonly value: number | bigint }
  /** Epoch milliseconds, with what a fraction of one a double holds. */
  | { readonly kind: 'date'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string };

/** Longer values are not compared. */
const charactersMax = 1024;
/** Whole numbers of so many digits are held by a double, whichever they are. */
const exactDigitsMax = 15;

/** Of a value as it is written in JSON; undefined of what has no order: objects, lists, words, what is too long. */
export function orderValueOf(json: string): OrderValue | undefined {
  if (json.length > charactersMax) return undefined;
  if (json[0] !== '"') return numberOf(json);
  const text = unescaped(json.slice(1, -1));
  return numberIn(text) ?? dateOf(text) ?? { kind: 'text', value: text };
}

function numberOf(json: string): OrderValue | undefined {
  return /^-?\d/.test(json) ? { kind: 'number', value: exactly(json) } : undefined;
}

/** Texts of digits are numbers: `"0042"`, `"-7"`, `"3.14"`. */
function numberIn(text: string): OrderValue | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? { kind: 'number', value: exactly(text) } : undefined;
}

function exactly(digits: string): number | bigint {
  const isLong = digits.length > exactDigitsMax && /^-?\d+$/.test(digits);
  return isLong ? BigInt(digits) : Number(digits);
}

const date =
  /^(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:(?<=:\d\d:\d\d)[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i;
/** A moment without a zone is one of UTC: it is only compared with such. */
const utc = { nowMs: 0, utcOffsetMinutes: 0 };

function dateOf(text: string): OrderValue | undefined {
  const [, moment, fraction = '', zone = ''] = date.exec(text) ?? [];
  if (moment === undefined) return undefined;
  const ms = momentMsOf(moment + zone, utc);
  return ms === undefined
    ? undefined
    : { kind: 'date', value: ms + Number(`.${fraction}0`) * 1000 };
}

/** How AWS takes one type for another, and words it when it does not; alike in every encoding. No I/O. */
import { KinesisError } from '../kinesis/errors.ts';

/** A SerializationException: `message` is AWS's, and travels as `Message`. */
export const serializationError = (message: string): KinesisError =>
  new KinesisError('SerializationException', message);

/** @source measured */
export const structureNotExpected = 'Start of structure or map found where not expected.';
/** @source measured */
export const listNotExpected = 'Start of list found where not expected';
/** @source measured: where a scalar was sent. */
export const expectedOf = {
  list: 'Expected list or null',
  map: 'Expected map or null',
  structure: 'Expected null',
} as const;

/** @source measured */
export const notConvertible = (javaClass: string, wanted: string): KinesisError =>
  serializationError(`class ${javaClass} can not be converted to ${wanted}`);

const integerMax = 2_147_483_647;
const dateMsMax = 8.64e15;

/** What a number is called in AWS's sentences, and the largest that it may be. */
export const wholeNumbers = {
  integer: { name: 'an Integer', max: integerMax },
  long: { name: 'an Long', max: Number.MAX_SAFE_INTEGER },
} as const;

/** Cut to a whole number towards the floor and held within the type. @source measured */
export const wholeNumber = (value: number, max: number): number =>
  Math.min(max, Math.max(-max - 1, Math.floor(value)));

/** @source measured: these words are taken for booleans, whatever their case. */
const booleanWords: Readonly<Record<string, boolean>> = {
  TRUE: true,
  YES: true,
  '1': true,
  FALSE: false,
  NO: false,
  '0': false,
};

/** Throws a SerializationException for any other word. */
export function booleanOf(text: string): boolean {
  const word = text.toUpperCase();
  if (Object.hasOwn(booleanWords, word)) return booleanWords[word]!;
  throw serializationError(`'${word}' can not be converted to an Boolean`);
}

/** To the nearest millisecond that a Date can hold. */
export const dateOf = (ms: number): Date =>
  new Date(Math.min(dateMsMax, Math.max(-dateMsMax, Math.round(ms))));

/** Values that came from outside as JSON. */

/** By their names, each of any kind. */
export type Members = Readonly<Record<string, unknown>>;

/** Whether it is what JSON calls an object: no list, no null. */
export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the members of a request's JSON object, with a sentence for each that is wrong. It decides nothing else. */
import { isObject, type Members } from '../base/members.ts';
import { KinesisError } from '../kinesis/errors.ts';

/** Both ends belong to it. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The answer to a body that is not as it should be: 400 with `message`. */
export const badBody = (message: string): KinesisError =>
  new KinesisError('SerializationException', message);

/** Every reader throws SerializationException; those called `optional…` take a missing member as undefined. */
export class Fields {
  private readonly body: Members;

  /** `known`: all members there may be; another one is most likely a slip of the pen, and refused. */
  constructor(body: unknown, known: readonly string[]) {
    if (!isObject(body)) throw badBody('The body is no JSON object.');
    this.body = body;
    const unknown = Object.keys(body).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const names = known.length === 0 ? 'it takes none' : `known are ${known.join(', ')}`;
    throw badBody(`The body has an unknown member "${unknown}": ${names}.`);
  }

  get(name: string): unknown {
    return this.body[name] ?? undefined;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.missing(name, 'a text');
  }

  optionalText(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw badBody(`"${name}" must be a text that is not empty.`);
  }

  /** A text as Kinesis has it there. */
  matching(name: string, pattern: RegExp): string {
    const text = this.text(name);
    if (pattern.test(text)) return text;
    throw badBody(`"${name}" is not as Kinesis writes it: "${text.slice(0, 200)}".`);
  }

  whole(name: string, bounds: Bounds): number {
    return this.optionalWhole(name, bounds) ?? this.missing(name, 'a whole number');
  }

  optionalWhole(name: string, bounds: Bounds): number | undefined {
    const value = this.get(name);
    if (value === undefined || (Number.isSafeInteger(value) && isIn(bounds, value))) return value;
    throw badBody(`"${name}" must be a whole number from ${bounds.min} to ${bounds.max}.`);
  }

  number(name: string, bounds: Bounds): number {
    return this.optionalNumber(name, bounds) ?? this.missing(name, 'a number');
  }

  optionalNumber(name: string, bounds: Bounds): number | undefined {
    const value = this.get(name);
    if (value === undefined || isIn(bounds, value)) return value;
    throw badBody(`"${name}" must be a number from ${bounds.min} to ${bounds.max}.`);
  }

  choice<const T extends string>(name: string, allowed: readonly T[]): T {
    return this.optionalChoice(name, allowed) ?? this.missing(name, `one of ${allowed.join(', ')}`);
  }

  optionalChoice<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.get(name);
    const found = allowed.find((choice) => choice === value);
    if (value === undefined || found !== undefined) return found;
    throw badBody(`"${name}" must be one of ${allowed.join(', ')}.`);
  }

  private missing(name: string, what: string): never {
    throw badBody(`The body needs "${name}", ${what}.`);
  }
}

function isIn({ min, max }: Bounds, value: unknown): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

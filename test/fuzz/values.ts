// Inputs of operations, made from their shapes: mostly right, sometimes at a bound or of another type.
import type { Members, Shape } from '../../src/kinesis/shape.ts';
import { memberOf } from '../../src/kinesis/shape.ts';
import type { SeededRandom } from '../support/seededRandom.ts';

/** What a running engine has given out: names, ARNs, iterators, numbers, tokens. By member. */
export type Known = ReadonlyMap<string, readonly string[]>;

export interface Making {
  readonly random: SeededRandom;
  readonly known: Known;
  /** How likely each value is of another type or beyond its bounds. */
  readonly wildness: number;
}

const odd = ['', ' ', '0', '-1', '\0', '"', '\\', '💧', 'é', '../..', '__proto__', 'a'.repeat(300)];
const numbers = [0, 1, -1, 2, 25, 10_000, 2 ** 31, -(2 ** 31), 2 ** 53, 1.5, 1e300];

/** A value for a member of that name. */
export function madeOf(name: string, { shape, ...making }: Making & { shape: Shape }): unknown {
  const { random, wildness } = making;
  if (random.chance(wildness)) return anything(making);
  switch (shape.type) {
    case 'string':
      return text(name, { shape, ...making });
    case 'integer':
    case 'long':
      return random.chance(0.8) ? random.integer(1, 20) : random.pick(numbers);
    case 'boolean':
      return random.chance(0.5);
    case 'blob':
      return random.bytes(random.integer(0, 40));
    case 'timestamp':
      return new Date(random.integer(0, 2 ** 41));
    case 'list': {
      const count = random.integer(0, 4);
      return Array.from({ length: count }, () => madeOf(name, { ...making, shape: shape.item }));
    }
    case 'map':
      return { [random.pick(odd)]: madeOf(name, { ...making, shape: shape.value }) };
    case 'structure':
      return structureOf(shape.members, making);
    case 'eventStream':
      return undefined;
  }
}

/** A structure: each optional member is there half of the time. */
export function structureOf(members: Members, making: Making): Record<string, unknown> {
  const { random, wildness } = making;
  const made: [string, unknown][] = [];
  for (const [name, member] of Object.entries(members)) {
    const { shape, isRequired } = memberOf(member);
    const isThere = isRequired ? !random.chance(wildness) : random.chance(0.4);
    if (isThere) made.push([name, madeOf(name, { ...making, shape })]);
  }
  if (random.chance(wildness)) made.push([random.pick(odd), anything(making)]);
  return Object.fromEntries(made);
}

function text(name: string, { shape, random, known }: Making & { shape: Shape }): string {
  const given = known.get(name) ?? [];
  if (given.length > 0 && random.chance(0.8)) return damaged(random.pick(given), random);
  const { values } = shape as { values?: readonly string[] };
  if (values && random.chance(0.9)) return random.pick(values);
  return random.chance(0.5) ? random.pick(odd) : `x${random.integer(0, 5)}`;
}

/** Positions, tokens and names with a character changed, now and then. */
function damaged(value: string, random: SeededRandom): string {
  if (!random.chance(0.15) || value.length === 0) return value;
  const at = random.integer(0, value.length - 1);
  return value.slice(0, at) + random.pick(['', '0', '9', 'A', '/', '"']) + value.slice(at + 1);
}

function anything({ random }: Making): unknown {
  return random.pick([
    null,
    true,
    0,
    -1.5,
    2 ** 60,
    '',
    'text',
    [],
    {},
    [[[[]]]],
    { a: { b: { c: [] } } },
    random.pick(odd),
    random.bytes(3),
    new Date(0),
  ]);
}

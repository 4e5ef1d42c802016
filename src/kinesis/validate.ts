/** Checks an input against its operation's constraints and words all failures in AWS's one sentence. */
import { KinesisError } from './errors.ts';
import {
  type ListShape,
  type MapShape,
  memberOf,
  type Shape,
  type StringShape,
  type StructureShape,
} from './shape.ts';

/** AWS lists at most ten. @source measured */
const failuresMax = 10;

/** Throws a ValidationException that names every broken constraint of `input` (ten at most). */
export function validate(shape: StructureShape, input: object): void {
  if (satisfies(shape, input)) return;
  const failures = failuresOf(shape, input);
  throw constraintsBroken(failures);
}

function constraintsBroken(failures: readonly string[]): KinesisError {
  const listed = failures.slice(0, failuresMax);
  const noun = listed.length === 1 ? 'error' : 'errors';
  return new KinesisError(
    'ValidationException',
    `${listed.length} validation ${noun} detected: ${listed.join('; ')}`,
  );
}

/** Of members that only some streams need; `paths`: one or more, as `records.1.member.partitionKey`. */
export const membersMissing = (paths: readonly string[]): KinesisError =>
  constraintsBroken(paths.map((path) => failure('null', path, notNull)));

/** Every broken constraint of `input` in AWS's words, or little more than ten of them. */
export function failuresOf(shape: StructureShape, input: object): string[] {
  const failures: string[] = [];
  checkStructure({ shape, value: input as Record<string, unknown>, path: '' }, failures);
  return failures;
}

type Test = (value: unknown) => boolean;

const tests = new WeakMap<Shape, Test>();

/** Whether `failuresOf` is empty: all that nearly every call needs to know, at a third of the cost. */
export function satisfies(shape: Shape, value: unknown): boolean {
  let test = tests.get(shape);
  if (!test) {
    test = testOf(shape);
    tests.set(shape, test);
  }
  return test(value);
}

/** One pass that stops at the first failure and builds nothing; it runs for every record. */
function testOf(shape: Shape): Test {
  switch (shape.type) {
    case 'structure':
      return structureTest(shape);
    case 'list': {
      const test = testOf(shape.item);
      return (value) =>
        lengthFailures(shape, (value as unknown[]).length).length === 0 &&
        (value as unknown[]).every(test);
    }
    case 'map':
      return (value) => {
        const failures: string[] = [];
        checkMap({ shape, value: value as Record<string, unknown>, path: '' }, failures);
        return failures.length === 0;
      };
    case 'string':
      if (shape.pattern !== undefined || shape.values !== undefined) break;
      return lengthTest(shape);
    case 'blob': {
      const { max = Number.POSITIVE_INFINITY } = shape;
      return (value) => (value as Uint8Array).byteLength <= max;
    }
  }
  return (value) => scalarFailures(shape, value).length === 0;
}

function lengthTest({ min = 0, max = Number.POSITIVE_INFINITY }: StringShape): Test {
  return (value) => {
    const { length } = value as string;
    // No string has more characters than units, and none fewer than half as many.
    if (length <= max && length >= 2 * min) return true;
    const count = characters(value as string);
    return count <= max && count >= min;
  };
}

function structureTest(shape: StructureShape): Test {
  const members = Object.entries(shape.members).map(([name, member]) => {
    const { shape: inner, isRequired } = memberOf(member);
    return { name, isRequired, test: testOf(inner) };
  });
  return (value) => {
    for (const { name, isRequired, test } of members) {
      const member = (value as Record<string, unknown>)[name];
      if (member === undefined || member === null ? isRequired : !test(member)) return false;
    }
    return true;
  };
}

interface Check<S extends Shape, V> {
  readonly shape: S;
  readonly value: V;
  /** `records.1.member.partitionKey`; empty for the input itself. */
  readonly path: string;
}

function checkStructure(
  { shape, value, path }: Check<StructureShape, Record<string, unknown>>,
  failures: string[],
): void {
  for (const name of Object.keys(shape.members)) {
    if (failures.length >= failuresMax) return;
    const member = memberOf(shape.members[name]!);
    const memberPath = (path ? `${path}.` : '') + name[0]!.toLowerCase() + name.slice(1);
    const memberValue = value[name];
    if (memberValue !== undefined && memberValue !== null) {
      checkValue({ shape: member.shape, value: memberValue, path: memberPath }, failures);
    } else if (member.isRequired) {
      failures.push(failure('null', memberPath, notNull));
    }
  }
}

const notNull = 'Member must not be null';

const failure = (value: string, path: string, constraint: string): string =>
  `Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`;

function checkValue({ shape, value, path }: Check<Shape, unknown>, failures: string[]): void {
  if (shape.type === 'structure') {
    checkStructure({ shape, value: value as Record<string, unknown>, path }, failures);
  } else if (shape.type === 'list') {
    checkList({ shape, value: value as unknown[], path }, failures);
  } else if (shape.type === 'map') {
    checkMap({ shape, value: value as Record<string, unknown>, path }, failures);
  } else {
    for (const constraint of scalarFailures(shape, value)) {
      failures.push(failure(`'${printed(shape, value)}'`, path, constraint));
    }
  }
}

function scalarFailures(shape: Shape, value: unknown): string[] {
  if (shape.type === 'string') return stringFailures(shape, value as string);
  if (shape.type === 'blob') return lengthFailures(shape, (value as Uint8Array).byteLength);
  if (shape.type === 'integer' || shape.type === 'long')
    return rangeFailures(shape, value as number);
  return [];
}

function checkList({ shape, value, path }: Check<ListShape, unknown[]>, failures: string[]): void {
  for (const constraint of lengthFailures(shape, value.length)) {
    failures.push(failure(`'${printed(shape, value)}'`, path, constraint));
  }
  const { item: itemShape } = shape;
  if (itemShape.type === 'string') {
    if (value.every((item) => stringFailures(itemShape, item as string).length === 0)) return;
    const rule = `Member must satisfy constraint: ${allOf(itemShape)}`;
    failures.push(failure(`'${printed(shape, value)}'`, path, rule));
    return;
  }
  value.forEach((item, index) => {
    if (failures.length >= failuresMax) return;
    checkValue({ shape: shape.item, value: item, path: `${path}.${index + 1}.member` }, failures);
  });
}

function checkMap(
  { shape, value, path }: Check<MapShape, Record<string, unknown>>,
  failures: string[],
): void {
  const whole = `'${printed(shape, value)}'`;
  const keys = Object.keys(value);
  for (const constraint of lengthFailures(shape, keys.length)) {
    failures.push(failure(whole, path, constraint));
  }
  if (keys.some((key) => stringFailures(shape.key, key).length > 0)) {
    failures.push(failure(whole, path, `Map keys must satisfy constraint: ${bounds(shape.key)}`));
  }
  const item = shape.value;
  if (item.type !== 'string') return;
  if (keys.some((key) => stringFailures(item, value[key] as string).length > 0)) {
    failures.push(failure(whole, path, `Map value must satisfy constraint: ${bounds(item)}`));
  }
}

const patterns = new Map<string, RegExp>();

function matches(pattern: string, value: string): boolean {
  const compiled = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u');
  patterns.set(pattern, compiled);
  return compiled.test(value);
}

function stringFailures(shape: StringShape, value: string): string[] {
  const failures: string[] = [];
  if (shape.pattern !== undefined && !matches(shape.pattern, value)) {
    failures.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
  if (shape.values !== undefined && !shape.values.includes(value)) {
    failures.push(`Member must satisfy enum value set: [${shape.values.join(', ')}]`);
  }
  if (shape.min === undefined && shape.max === undefined) return failures;
  const lengths = lengthFailures(shape, characters(value));
  return failures.length === 0 ? lengths : failures.concat(lengths);
}

/** AWS counts Unicode characters; only surrogate pairs differ from `length`. */
function characters(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xdc00 && unit < 0xe000 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}

function lengthFailures(limits: { min?: number; max?: number }, length: number): string[] {
  const failures: string[] = [];
  if (limits.max !== undefined && length > limits.max) {
    failures.push(`Member must have length less than or equal to ${limits.max}`);
  }
  if (limits.min !== undefined && length < limits.min) {
    failures.push(`Member must have length greater than or equal to ${limits.min}`);
  }
  return failures;
}

function rangeFailures(limits: { min?: number; max?: number }, value: number): string[] {
  if (limits.max !== undefined && value > limits.max) {
    return [`Member must have value less than or equal to ${limits.max}`];
  }
  if (limits.min !== undefined && value < limits.min) {
    return [`Member must have value greater than or equal to ${limits.min}`];
  }
  return [];
}

const bounds = ({ min = 0, max = 0 }: StringShape): string =>
  `[Member must have length less than or equal to ${max}, ` +
  `Member must have length greater than or equal to ${min}]`;

/** What AWS says of a list's strings, whichever it is that one of them breaks. */
const allOf = (shape: StringShape): string =>
  shape.values
    ? `[Member must satisfy enum value set: [${shape.values.join(', ')}]]`
    : bounds(shape);

/** A value as AWS's Java prints it. */
function printed(shape: Shape, value: unknown): string {
  if (shape.type === 'blob') {
    const size = (value as Uint8Array).byteLength;
    return `java.nio.HeapByteBuffer[pos=0 lim=${size} cap=${size}]`;
  }
  if (shape.type === 'list') {
    const items = value as unknown[];
    const { javaClass } = shape;
    const one = (item: unknown): string => (javaClass ? javaClass : printed(shape.item, item));
    return `[${items.map(one).join(', ')}]`;
  }
  if (shape.type === 'map') {
    const entries = Object.entries(value as Record<string, unknown>);
    return `{${entries.map(([key, item]) => `${key}=${String(item)}`).join(', ')}}`;
  }
  return String(value);
}

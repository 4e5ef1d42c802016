/** The members of every operation's input as the AWS SDK publishes them: an oracle that knows nothing of ours. */
import * as sdk from '@aws-sdk/client-kinesis';
import { assert } from '../../src/base/assert.ts';
import { type OperationName, operations } from '../../src/kinesis/operations.ts';

export type MemberType =
  | 'String'
  | 'Integer'
  | 'Boolean'
  | 'Timestamp'
  | 'Blob'
  | 'List'
  | 'Map'
  | 'Structure';

export interface SdkMember {
  readonly name: string;
  readonly type: MemberType;
  /** By the SDK; what only some streams need is not. */
  readonly isRequired: boolean;
  /** Of a structure, or of the structures in a list. */
  readonly members: readonly SdkMember[];
}

/** A number for a simple type, a list for others, or a function that gives one. */
type Schema = number | readonly unknown[] | (() => Schema);

const simple: Readonly<Record<number, MemberType>> = {
  0: 'String',
  1: 'Integer',
  2: 'Boolean',
  4: 'Timestamp',
  21: 'Blob',
};
const compound: Readonly<Record<number, MemberType>> = { 1: 'List', 2: 'Map', 3: 'Structure' };

function typeOf(schema: Schema): MemberType {
  if (typeof schema !== 'number') return compound[schema[0 as never] as number]!;
  if (schema & 64) return 'List';
  return schema & 128 ? 'Map' : simple[schema]!;
}

const resolved = (schema: Schema): Schema =>
  typeof schema === 'function' ? resolved(schema()) : schema;

function membersOf(schema: Schema): SdkMember[] {
  if (typeof schema === 'number') return [];
  const [kind, , , , names, types, required = 0] = schema as unknown[];
  // A list has its items' schema where a structure has the names of its members.
  if (kind === 1) return membersOf(resolved(names as Schema));
  if (kind !== 3) return [];
  return (names as string[]).map((name, place) => {
    const type = resolved((types as Schema[])[place]!);
    assert(typeOf(type) !== undefined, `${name} has a type that is known`);
    const isRequired = place < (required as number);
    return { name, type: typeOf(type), isRequired, members: membersOf(type) };
  });
}

/** Of the operation's input; empty for one without. */
export const sdkMembers = (operation: OperationName): SdkMember[] =>
  membersOf((sdk as unknown as Record<string, Schema>)[`${operation}Input$`] ?? 0);

export const operationNames = Object.keys(operations) as OperationName[];

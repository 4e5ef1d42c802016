// Writes KPL aggregates field by field, right ones and wrong ones, without the reader under test.
import { createHash } from 'node:crypto';

export const magic = [0xf3, 0x89, 0x9a, 0xc2];

export const utf8 = (text: string): number[] => [...Buffer.from(text)];

/** A whole number as Protobuf writes it. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

export const number = (field: number, value: number): number[] => [
  ...varint(field * 8),
  ...varint(value),
];

export const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];

export interface Put {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
  readonly tags?: readonly (readonly [string, string?])[];
}

/** The message of `puts`, each with table entries of its own. */
export function messageOf(puts: readonly Put[]): number[] {
  const hashKeys = puts.flatMap(({ explicitHashKey }) =>
    explicitHashKey === undefined ? [] : [explicitHashKey],
  );
  let hashKeyIndex = 0;
  return [
    ...puts.flatMap(({ partitionKey }) => bytes(1, utf8(partitionKey))),
    ...hashKeys.flatMap((key) => bytes(2, utf8(key))),
    ...puts.flatMap((put, index) =>
      bytes(3, [
        ...number(1, index),
        ...(put.explicitHashKey === undefined ? [] : number(2, hashKeyIndex++)),
        ...bytes(3, [...put.data]),
        ...(put.tags ?? []).flatMap(([key, value]) =>
          bytes(4, [...bytes(1, utf8(key)), ...(value === undefined ? [] : bytes(2, utf8(value)))]),
        ),
      ]),
    ),
  ];
}

/** Magic number, `message`, its MD5. */
export function sealed(message: readonly number[]): Uint8Array {
  const body = Uint8Array.from(message);
  return Uint8Array.from([...magic, ...body, ...createHash('md5').update(body).digest()]);
}

export const aggregateOf = (puts: readonly Put[]): Uint8Array => sealed(messageOf(puts));

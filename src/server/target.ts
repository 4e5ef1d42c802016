/** What a request asks for, from its headers: which operation, in which encoding. */
import { isOperationName, type OperationName, operations } from '../kinesis/operations.ts';

export type Encoding = 'json' | 'cbor' | 'coral' | 'unknown';

const encodings: Readonly<Record<string, Encoding>> = {
  'application/x-amz-json-1.1': 'json',
  'application/x-amz-cbor-1.1': 'cbor',
  'application/json': 'coral',
};

/** The encoding that a Content-Type names; parameters and blanks are tolerated. @source measured */
export function encodingOf(contentType: string | undefined): Encoding {
  if (contentType === 'application/x-amz-json-1.1') return 'json';
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  return Object.hasOwn(encodings, type) ? encodings[type]! : 'unknown';
}

export type Target =
  | { readonly type: 'operation'; readonly name: OperationName }
  /** An operation of AWS's that we do not have. */
  | { readonly type: 'notImplemented'; readonly name: string }
  | { readonly type: 'unknownOperation' }
  | { readonly type: 'unknownService'; readonly service: string; readonly name: string };

const service = 'Kinesis_20131202';

const known: ReadonlyMap<string, Target> = new Map(
  (Object.keys(operations) as OperationName[]).map((name) => [
    `${service}.${name}`,
    { type: 'operation', name },
  ]),
);

/** `Kinesis_20131202.PutRecord` */
export function targetOf(header: string | undefined): Target {
  const target = known.get(header ?? '');
  if (target) return target;
  const [named = '', name = ''] = (header ?? '').split('.');
  if (named !== service) return { type: 'unknownService', service: named, name };
  if (isOperationName(name)) return { type: 'operation', name };
  return notImplemented.has(name) ? { type: 'notImplemented', name } : { type: 'unknownOperation' };
}

/** Operations of Kinesis' model of late 2026 that are not in our table. @source documented */
export const notImplemented: ReadonlySet<string> = new Set([
  'CreateChannel',
  'DeleteChannel',
  'DescribeChannel',
  'ListChannels',
  'UpdateChannel',
]);

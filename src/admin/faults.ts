/** What a rule for faults says, and how a request for one is checked. It plays no fault itself. */
import { type KmsException, kmsExceptions } from '../kinesis/encryptionErrors.ts';
import { isKinesisError } from '../kinesis/errors.ts';
import { isOperationName, type OperationName, operations } from '../kinesis/operations.ts';
import { badBody, Fields } from './fields.ts';

/** What becomes of a call that a rule hits. */
export const faultEffects = [
  /** AWS's throttling exception; in PutRecords of single records. */
  'throttle',
  /** AWS's own failure, status 500; in PutRecords of single records. Nothing is stored. */
  'internalFailure',
  /** The call is carried out `latencyMs` later, by the machine's clock. */
  'latency',
  'expiredIterator',
  /** The client's connection ends before the call is carried out. */
  'dropConnection',
  /** The put is stored, and answered by a failure: a client that tries again stores it twice. */
  'duplicate',
  /** One of the exceptions of AWS's key service. */
  'kms',
] as const;
export type FaultEffect = (typeof faultEffects)[number];

/** Which calls a rule covers, how many of them it hits, and how. Absent filters cover everything. */
export interface FaultSpec {
  readonly effect: FaultEffect;
  readonly operation?: OperationName | undefined;
  /** By name, in every account and region. */
  readonly stream?: string | undefined;
  /** `shardId-000000000000`; of calls that go to a shard, and of single records of PutRecords. */
  readonly shard?: string | undefined;
  /** Above 0, at most 1; default 1. In PutRecords each record draws for itself. */
  readonly probability?: number | undefined;
  /** The rule ends after so many calls were hit; default: never. */
  readonly count?: number | undefined;
  /** Of the rule's own chance; default: drawn, and told in the list. */
  readonly seed?: number | undefined;
  /** Only and always of `latency`. */
  readonly latencyMs?: number | undefined;
  /** Only of `kms`; default KMSAccessDeniedException. */
  readonly exception?: KmsException | undefined;
}

export interface FaultRule extends FaultSpec {
  readonly id: number;
  readonly probability: number;
  readonly seed: number;
  /** Calls hit so far. */
  readonly hits: number;
}

/** Rules at a time; one more is refused. */
export const faultRulesMax = 100;
export const latencyMsMax = 300_000;
const countMax = 1_000_000_000;
export const faultSeedMax = 2 ** 32 - 1;

/** Operations that an effect makes sense for; the others: all. */
const operationsOf: Partial<Record<FaultEffect, readonly OperationName[]>> = {
  expiredIterator: ['GetRecords'],
  duplicate: ['PutRecord', 'PutRecords'],
  kms: ['PutRecord', 'PutRecords', 'GetRecords', 'StartStreamEncryption', 'SubscribeToShard'],
};

export function mayHit(effect: FaultEffect, operation: OperationName): boolean {
  return operationsOf[effect]?.includes(operation) ?? true;
}

const members = [
  'effect',
  'operation',
  'stream',
  'shard',
  'probability',
  'count',
  'seed',
  'latencyMs',
  'exception',
];

/** The rule that a request's body asks for. Throws SerializationException with a usable sentence. */
export function faultSpecOf(body: unknown): FaultSpec {
  const fields = new Fields(body, members);
  const effect = fields.choice('effect', faultEffects);
  const probability = fields.optionalNumber('probability', { min: 0, max: 1 });
  if (probability === 0) throw badBody('"probability" must be above 0.');
  const isLatency = effect === 'latency';
  const spec = {
    effect,
    operation: operationIn(fields, effect),
    stream: fields.optionalText('stream'),
    shard: shardIn(fields),
    probability,
    count: fields.optionalWhole('count', { min: 1, max: countMax }),
    seed: fields.optionalWhole('seed', { min: 0, max: faultSeedMax }),
    latencyMs: isLatency ? fields.whole('latencyMs', { min: 1, max: latencyMsMax }) : undefined,
    exception: fields.optionalChoice('exception', kmsExceptions),
  };
  if (!isLatency && fields.get('latencyMs') !== undefined) {
    throw badBody('"latencyMs" belongs to the effect latency only.');
  }
  if (effect !== 'kms' && spec.exception) {
    throw badBody('"exception" belongs to the effect kms only.');
  }
  return spec;
}

function operationIn(fields: Fields, effect: FaultEffect): OperationName | undefined {
  const name = fields.optionalText('operation');
  if (name === undefined) return undefined;
  if (!isOperationName(name)) {
    const known = Object.keys(operations).join(', ');
    throw badBody(`"operation" must be one of ${known}.`);
  }
  if (mayHit(effect, name)) return name;
  throw badBody(`The effect ${effect} is for ${operationsOf[effect]?.join(', ')} only.`);
}

function shardIn(fields: Fields): string | undefined {
  const shard = fields.optionalText('shard');
  if (shard === undefined || /^shardId-\d{12}$/.test(shard)) return shard;
  throw badBody('"shard" must be a shard id, like shardId-000000000000.');
}

/** The name of the KinesisError that asks a server to end the connection instead of answering. */
export const connectionDropped = 'ConnectionDropped';

export function isConnectionDropped(thrown: unknown): boolean {
  return isKinesisError(thrown) && thrown.name === connectionDropped;
}

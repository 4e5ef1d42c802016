/**
 * The door that clients' calls come in by: each is hit by the rules for faults, carried out by the engine
 * that is open, and noted in the journal. The extension's own calls pass unhit and unnoted.
 */
import type { Clock } from '../base/clock.ts';
import { isKinesisError } from '../kinesis/errors.ts';
import type { CallContext, KinesisApi } from '../kinesis/kinesisApi.ts';
import {
  type InputOf,
  type OperationName,
  type OutputOf,
  operations,
} from '../kinesis/operations.ts';
import { satisfies } from '../kinesis/validate.ts';
import type { Engine } from './engine.ts';
import type { EngineSlot } from './engineSlot.ts';
import { type FaultPorts, playFaults } from './faults/playFaults.ts';
import type { Journal, JournalCall } from './journal.ts';

export interface DoorParts {
  readonly slot: EngineSlot;
  readonly faults: FaultPorts;
  readonly journal: Journal;
  /** The machine's: the journal says when things really were. */
  readonly machine: Clock;
}

interface DoorCall<N extends OperationName = OperationName> {
  readonly operation: N;
  readonly input: InputOf<N>;
  readonly context: CallContext | undefined;
  /** On the engine that is open. */
  run(input: InputOf<N>): Promise<OutputOf<N>>;
}

/** The engine in the slot, with faults and journal. */
export function callDoor(parts: DoorParts): KinesisApi {
  const names = Object.keys(operations) as OperationName[];
  return Object.fromEntries(names.map((name) => entryOf(parts, name))) as KinesisApi;
}

type Method = (input: unknown, context?: CallContext) => Promise<unknown>;

function entryOf(parts: DoorParts, operation: OperationName): [string, Method] {
  const method = (operation[0]!.toLowerCase() + operation.slice(1)) as keyof KinesisApi;
  const entry: Method = (input, context) => {
    const run = (given: unknown) =>
      parts.slot.run((engine) => (engine[method] as Method)(given, context));
    if (context?.own === true) return run(input);
    return noted(parts, { operation, input, context, run } as DoorCall);
  };
  return [method, entry];
}

async function noted(parts: DoorParts, call: DoorCall): Promise<unknown> {
  const { journal, machine } = parts;
  const startMs = machine.monotonic();
  const note = (outcome: Outcome): void => {
    const durationMs = machine.monotonic() - startMs;
    journal.add(journalCall(call, { ...outcome, durationMs, atMs: machine.now() - durationMs }));
  };
  try {
    const output = await (parts.faults.rules.isEmpty ? call.run(call.input) : hit(parts, call));
    note(countsOf(call.input, output));
    return output;
  } catch (error) {
    const { name, message } = error as Error;
    note({ error: isKinesisError(error) ? name : 'InternalFailure', message });
    throw error;
  }
}

/** What the engine would refuse anyway is not hit. */
async function hit({ slot, faults }: DoorParts, call: DoorCall): Promise<unknown> {
  const { operation, input, context } = call;
  const isValid = satisfies(operations[operation].input, input);
  type Target = Parameters<Engine['targetOf']>[0];
  const asked = { operation, input, context } as Target;
  const target = isValid ? slot.engine.targetOf(asked) : undefined;
  return target ? playFaults(faults, { ...call, target }) : call.run(input);
}

type Outcome = Partial<Pick<JournalCall, 'records' | 'failedRecords' | 'error' | 'message'>>;

/** Records put or got, and those that were not stored. */
function countsOf(input: object, output: unknown): Outcome {
  const put = (input as { Records?: readonly unknown[] }).Records;
  const { Records, FailedRecordCount } = (output ?? {}) as {
    Records?: readonly unknown[];
    FailedRecordCount?: number;
  };
  if (FailedRecordCount) return { records: put?.length, failedRecords: FailedRecordCount };
  return Records ? { records: Records.length } : {};
}

interface Naming {
  readonly StreamName?: string;
  readonly StreamARN?: string;
  readonly ShardIterator?: string;
}

function journalCall(
  { operation, input, context }: DoorCall,
  outcome: Outcome & Pick<JournalCall, 'atMs' | 'durationMs'>,
): JournalCall {
  const { StreamName, StreamARN, ShardIterator } = input as Naming;
  return {
    atMs: outcome.atMs,
    durationMs: outcome.durationMs,
    operation,
    streamName: StreamName,
    streamArn: StreamARN,
    iterator: ShardIterator,
    accessKeyId: context?.accessKeyId,
    userAgent: context?.userAgent,
    requestId: context?.requestId,
    records: outcome.records,
    failedRecords: outcome.failedRecords,
    error: outcome.error,
    message: outcome.message,
  };
}

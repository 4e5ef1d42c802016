/**
 * The door that clients' calls come in by: each is hit by the rules for faults, carried out by the engine
 * that is open, and noted in the journal. The extension's own calls pass unhit and unnoted.
 */
import type { Clock } from '../base/clock.ts';
import { isKinesisError } from '../kinesis/errors.ts';
import { type CallContext, type KinesisApi, takesPacked } from '../kinesis/kinesisApi.ts';
import { type OperationName, operations } from '../kinesis/operations.ts';
import { PackedPutRecords, plainInput } from '../kinesis/packedInputs.ts';
import { packedOf } from '../kinesis/packedOutput.ts';
import { satisfies } from '../kinesis/validate.ts';
import type { Engine } from './engine.ts';
import type { EngineSlot } from './engineSlot.ts';
import { type FaultPorts, type FaultyCall, playFaults } from './faults/playFaults.ts';
import type { Journal } from './journal.ts';

export interface DoorParts {
  readonly slot: EngineSlot;
  readonly faults: FaultPorts;
  readonly journal: Journal;
  /** The machine's: the journal says when things really were. */
  readonly machine: Clock;
}

/** The engine in the slot, with faults and journal. */
export function callDoor(parts: DoorParts): KinesisApi {
  const doors = (Object.keys(operations) as OperationName[]).map((name) => new Door(parts, name));
  const calls = Object.fromEntries(doors.map(({ method, call }) => [method, call]));
  return { ...(calls as KinesisApi), [takesPacked]: true };
}

type MethodName = Exclude<keyof KinesisApi, typeof takesPacked>;
type Method = (input: object, context?: CallContext) => Promise<Output>;
type Target = Parameters<Engine['targetOf']>[0];

/** Of one operation. */
class Door {
  readonly method: MethodName;
  readonly call: Method = (input, context) => this.noted(input, context);
  private readonly parts: DoorParts;
  private readonly operation: OperationName;

  constructor(parts: DoorParts, operation: OperationName) {
    this.parts = parts;
    this.operation = operation;
    this.method = (operation[0]!.toLowerCase() + operation.slice(1)) as MethodName;
  }

  /** Nearly every call takes the short way: one promise and one object more than the engine's own. */
  private async noted(input: object, context: CallContext | undefined): Promise<Output> {
    const { faults, slot, machine } = this.parts;
    const isOwn = context?.own === true;
    const startMs = machine.monotonic();
    const engine = isOwn || faults.rules.isEmpty ? slot.enter() : undefined;
    try {
      const output = engine
        ? await (engine[this.method] as Method)(input, context)
        : await this.theLongWay(input, context);
      if (!isOwn) this.note({ startMs, input, context, output });
      return output;
    } catch (error) {
      if (!isOwn) this.note({ startMs, input, context, error: error as Error });
      throw error;
    } finally {
      if (engine) slot.leave();
    }
  }

  /** Past the gate or the rules. What the engine would refuse anyway is not hit. */
  private theLongWay(given: object, context: CallContext | undefined): Promise<Output> {
    const { slot, faults } = this.parts;
    const input = plainInput(given);
    const { operation } = this;
    const run = (other: object) =>
      slot.run((engine) => (engine[this.method] as Method)(other, context));
    const mayHit = context?.own !== true && satisfies(operations[operation].input, input);
    const target = mayHit
      ? slot.engine.targetOf({ operation, input, context } as Target)
      : undefined;
    if (!target) return run(input);
    const call = { operation, input, context, target, run } as FaultyCall<OperationName>;
    return playFaults(faults, call) as Promise<Output>;
  }

  private note(ended: Ended): void {
    const { machine, journal } = this.parts;
    const { StreamName, StreamARN, ShardIterator } = ended.input as Naming;
    const { ResourceARN, ConsumerARN } = ended.input as Naming;
    const { output, error, context } = ended;
    const durationMs = machine.monotonic() - ended.startMs;
    const failedRecords = output?.FailedRecordCount || undefined;
    journal.add({
      atMs: machine.now() - durationMs,
      durationMs,
      operation: this.operation,
      streamName: StreamName,
      streamArn: StreamARN ?? ResourceARN ?? ConsumerARN,
      iterator: ShardIterator,
      accessKeyId: context?.accessKeyId,
      userAgent: context?.userAgent,
      requestId: context?.requestId,
      records: output && recordCount(ended.input as Naming, output),
      failedRecords,
      error: error && (isKinesisError(error) ? error.name : 'InternalFailure'),
      message: error?.message,
    });
  }
}

/** Of a call that succeeded. Packed records are not to be made into objects for being counted. */
function recordCount(input: Naming, output: Output): number | undefined {
  if (input instanceof PackedPutRecords) return input.packed.count;
  return input.Records?.length ?? packedOf(output)?.count ?? output.Records?.length;
}

/** What the journal takes from inputs, whichever they are. */
interface Naming {
  readonly StreamName?: string;
  readonly StreamARN?: string;
  readonly ResourceARN?: string;
  readonly ConsumerARN?: string;
  readonly ShardIterator?: string;
  readonly Records?: readonly unknown[];
}

/** And from outputs. */
interface Output {
  readonly Records?: readonly unknown[];
  readonly FailedRecordCount?: number;
}

interface Ended {
  /** On the machine's monotonic time. */
  readonly startMs: number;
  readonly input: object;
  readonly context: CallContext | undefined;
  readonly output?: Output;
  readonly error?: Error;
}

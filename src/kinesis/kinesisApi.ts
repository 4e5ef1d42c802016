/** The one interface: what the engine implements, what an AWS connection implements, all that anyone above knows. */

import { type InputOf, type OperationName, type OutputOf, operations } from './operations.ts';
import { plainInput } from './packedInputs.ts';

/** Who calls, and how long the caller will wait. */
export interface CallContext {
  /** Twelve digits; from the credential scope. Default: the implementation's own. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** True for the extension's own reading of the local engine: exempt from limits, in no counter. */
  readonly own?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of the request, for the journal; verified only where the server was told to. */
  readonly accessKeyId?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
}

/** A member of implementations that take inputs whose records are packed, and may answer with placed ones. */
export const takesPacked = Symbol('takesPacked');

type MethodName<N extends string> = Uncapitalize<N>;

/**
 * One method per Kinesis operation, in AWS's words: `putRecord(input)` is PutRecord. A resolved promise
 * is AWS's 200; a rejected one is a KinesisError with AWS's exception name and text. An input must stay as
 * it is until the promise has settled; from then on nobody looks at its bytes.
 */
export type KinesisApi = {
  [N in OperationName as MethodName<N>]: (
    input: InputOf<N>,
    context?: CallContext,
  ) => Promise<OutputOf<N>>;
} & { readonly [takesPacked]?: true };

const methodOf = Object.fromEntries(
  (Object.keys(operations) as OperationName[]).map((name) => [
    name,
    name[0]!.toLowerCase() + name.slice(1),
  ]),
) as { readonly [N in OperationName]: MethodName<N> };

/** Calls `operation` by its name, with an input as `api` takes it. */
export function callOperation<N extends OperationName>(
  api: KinesisApi,
  call: { operation: N; input: InputOf<N>; context?: CallContext | undefined },
): Promise<OutputOf<N>> {
  const input = (api[takesPacked] ? call.input : plainInput(call.input)) as InputOf<N>;
  const run = api[methodOf[call.operation]] as unknown as (
    input: InputOf<N>,
    context?: CallContext,
  ) => Promise<OutputOf<N>>;
  return run.call(api, input, call.context);
}

/** Builds an API whose every method goes through `call`. */
export function apiFrom(
  call: <N extends OperationName>(
    operation: N,
    input: InputOf<N>,
    context?: CallContext,
  ) => Promise<OutputOf<N>>,
): KinesisApi {
  const entries = (Object.keys(operations) as OperationName[]).map((name) => [
    name[0]!.toLowerCase() + name.slice(1),
    (input: InputOf<typeof name>, context?: CallContext) => call(name, input, context),
  ]);
  return Object.fromEntries(entries) as KinesisApi;
}

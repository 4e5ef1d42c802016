// A KinesisApi that remembers what it was asked and answers what a test tells it to.
import { apiFrom, type CallContext, type KinesisApi } from '../../../src/kinesis/kinesisApi.ts';
import type { OperationName } from '../../../src/kinesis/operations.ts';

export interface FakeCall {
  readonly operation: OperationName;
  readonly input: unknown;
  readonly context: CallContext | undefined;
}

export interface FakeApi {
  readonly api: KinesisApi;
  readonly calls: FakeCall[];
  /** What an operation answers; throws or returns. Default: an empty object. */
  answers: Partial<Record<OperationName, (input: never, context?: CallContext) => unknown>>;
}

export function fakeApi(answers: FakeApi['answers'] = {}): FakeApi {
  const fake: FakeApi = {
    calls: [],
    answers,
    api: apiFrom((async (operation: OperationName, input: unknown, context?: CallContext) => {
      fake.calls.push({ operation, input, context });
      return (await fake.answers[operation]?.(input as never, context)) ?? {};
    }) as Parameters<typeof apiFrom>[0]),
  };
  return fake;
}

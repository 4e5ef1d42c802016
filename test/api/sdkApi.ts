/** KinesisApi through the AWS SDK alone, as an application would use it: for the conformance suite. */
import { Kinesis, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { apiFrom, type KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import type { OutputOf } from '../../src/kinesis/operations.ts';

/** `retries` off: a test wants the first answer. */
export function sdkApi(config: KinesisClientConfig): { api: KinesisApi; close: () => void } {
  const client = new Kinesis({ maxAttempts: 1, ...config });
  const methods = client as unknown as Record<string, (input: object) => Promise<object>>;
  const api = apiFrom(async (name, input) => {
    const method = name[0]!.toLowerCase() + name.slice(1);
    try {
      const { $metadata, ...output } = (await methods[method]!.call(client, input)) as {
        $metadata: unknown;
      };
      return output as OutputOf<typeof name>;
    } catch (error) {
      throw asKinesisError(error);
    }
  });
  return { api, close: () => client.destroy() };
}

function asKinesisError(error: unknown): unknown {
  if (!(error instanceof Error) || !('$metadata' in error)) return error;
  const status = (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
  return new KinesisError(error.name, error.message, status);
}

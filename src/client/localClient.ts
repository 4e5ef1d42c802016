/** What the SDK's clients of the local engine are made of. */
import type { KinesisClient, KinesisClientConfig } from '@aws-sdk/client-kinesis';
import type { LocalConnection } from '../protocol/connection.ts';

/** Makes a call the extension's own. */
export const nonceHeader = 'x-shardscope-nonce';
/** Admits a user's call to an engine that verifies signatures, and makes it nothing else than a call. */
export const windowHeader = 'x-shardscope-window';

export const localConfig = ({ region, endpoint }: LocalConnection): KinesisClientConfig => ({
  region,
  endpoint,
  // The engine checks no signature by default; the SDK does not call without credentials.
  credentials: { accessKeyId: 'shardscope', secretAccessKey: 'shardscope' },
});

/** Every request of the client carries it. */
export function addHeader(
  client: KinesisClient,
  { name, value }: { name: string; value: string },
): void {
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers[name] = value;
      return next(args);
    },
    { step: 'build', name: 'shardscopeNonce' },
  );
}

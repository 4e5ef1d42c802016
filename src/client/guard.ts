/** The one gate that every write passes. Nothing else decides whether a connection may be changed. */
import { KinesisError } from '../kinesis/errors.ts';
import { apiFrom, callOperation, type KinesisApi } from '../kinesis/kinesisApi.ts';
import { type OperationName, writeOperations } from '../kinesis/operations.ts';

export const readOnlyConnection = 'ReadOnlyConnection';

/** Which connection is about to be changed, and whether its user has allowed it. */
export interface GuardedConnection {
  readonly kind: 'local' | 'aws';
  /** What the user calls it. */
  readonly label: string;
  readonly writable: boolean;
}

/** Throws a KinesisError `ReadOnlyConnection` when `operation` writes and the connection is read-only. */
export function guardWrite(connection: GuardedConnection, operation: OperationName): void {
  if (!writeOperations.has(operation)) return;
  if (connection.kind === 'local' || connection.writable) return;
  throw new KinesisError(
    readOnlyConnection,
    `${operation} was not sent: the connection ${connection.label} is read-only. ` +
      'Allow writing on this connection first, then try again.',
    403,
  );
}

/** `api` behind the guard; `connection` is asked at every call, so that a change holds at once. */
export function guarded(api: KinesisApi, connection: () => GuardedConnection): KinesisApi {
  return apiFrom(async (operation, input, context) => {
    guardWrite(connection(), operation);
    return await callOperation(api, { operation, input, context });
  });
}

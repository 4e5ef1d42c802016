/** The connections of a window by id: their clients, and whether they may be written to. */
import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from '../base/disposable.ts';
import { type Connected, connect } from '../client/connect.ts';
import { guarded } from '../client/guard.ts';
import { KinesisError } from '../kinesis/errors.ts';
import { apiFrom, callOperation, type KinesisApi } from '../kinesis/kinesisApi.ts';
import { writeOperations } from '../kinesis/operations.ts';
import type { ConnectionSpec } from '../protocol/connection.ts';
import { nodeClock } from './nodeClock.ts';
import { StreamClocks } from './streamClocks.ts';

interface Entry {
  spec: ConnectionSpec;
  client: Connected;
  writable: boolean;
}

export class Connections implements Disposable {
  readonly clocks = new StreamClocks(nodeClock);
  private readonly entries = new Map<string, Entry>();

  /**
   * Declares a connection or replaces one of the same id; what uses it goes on with the new one. The
   * same again changes nothing: calls under way are not cut off, which could store records twice.
   */
  set(spec: ConnectionSpec): void {
    const known = this.entries.get(spec.id);
    if (known && isDeepStrictEqual(known.spec, spec)) return;
    known?.client.dispose();
    // A connection that leads elsewhere is another one: what the user allowed was for the old.
    const isSame = known !== undefined && isSamePlace(known.spec, spec);
    const writable = isSame && known.writable;
    this.entries.set(spec.id, { spec, client: connect(spec), writable });
  }

  delete(id: string): void {
    this.entries.get(id)?.client.dispose();
    this.entries.delete(id);
  }

  setWritable(id: string, writable: boolean): void {
    this.find(id).writable = writable;
  }

  /** Where a connection leads; throws a KinesisError `NoConnection` when there is none. */
  spec(id: string): ConnectionSpec {
    return this.find(id).spec;
  }

  /**
   * Every call of the window but a tail's. Writes pass the guard and count as the user's own; on the
   * local engine reads are the extension's and count nowhere.
   */
  calls(id: string): KinesisApi {
    const api = apiFrom((operation, input, context) => {
      const { spec, client } = this.find(id);
      const isOwn = spec.kind === 'local' && !writeOperations.has(operation);
      return callOperation(isOwn ? client.own : client.api, { operation, input, context });
    });
    return guarded(api, () => this.guardedBy(id));
  }

  /** A tail's reading: one attempt a call, and the connection of that id as it is at each call. */
  reading(id: string): KinesisApi {
    const api = apiFrom((operation, input, context) =>
      callOperation(this.find(id).client.own, { operation, input, context }),
    );
    return guarded(api, () => this.guardedBy(id));
  }

  dispose(): void {
    for (const id of [...this.entries.keys()]) this.delete(id);
  }

  private guardedBy(id: string) {
    const { spec, writable } = this.find(id);
    const label = spec.kind === 'aws' ? `${spec.profile ?? 'AWS'} in ${spec.region}` : spec.id;
    return { kind: spec.kind, label, writable };
  }

  private find(id: string): Entry {
    const entry = this.entries.get(id);
    if (entry) return entry;
    throw new KinesisError(
      'NoConnection',
      `There is no connection "${id}" any more. Open it again.`,
    );
  }
}

function isSamePlace(a: ConnectionSpec, b: ConnectionSpec): boolean {
  if (a.kind !== 'aws' || b.kind !== 'aws') return a.kind === b.kind;
  return a.profile === b.profile && a.region === b.region && a.endpoint === b.endpoint;
}

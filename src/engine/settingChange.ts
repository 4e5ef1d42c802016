/**
 * How a setting of a stream changes that needs no other shards: accepted in ACTIVE, durable before the answer,
 * in force when the stream is ACTIVE again. Decides nothing about the settings themselves.
 */
import { unreachable } from '../base/assert.ts';
import { streamNotActive } from '../kinesis/errors.ts';
import { type EngineParts, findStream, type Scope, type StreamNaming } from './engineParts.ts';
import type { CatalogChange, Pending, StreamEntry } from './streamEntry.ts';

const settingKinds = ['encryption', 'monitoring', 'recordSize', 'retention'] as const;

/** What is pending and only has to be set. */
export type PendingSetting = Extract<Pending, { readonly kind: (typeof settingKinds)[number] }>;

/** Where AWS does not say how a setting changes. @source guessed */
export const settingGuesses = {
  /** A setting that a stream has already is accepted, and the stream stays ACTIVE. */
  unchangedStaysActive: true,
  /** False: the new size of a record holds from the answer on, and the stream stays ACTIVE. */
  recordSizePassesUpdating: true,
} as const;

/** What is to be, and what else becomes of the stream at once. */
export interface SettingChange {
  readonly pending: PendingSetting;
  readonly isUnchanged: boolean;
  readonly set?: Pick<StreamEntry, 'encryption'>;
}

/** Which pending changes only have to be set; the others make, close or remove shards. */
export const isSetting = (pending: Pending): pending is PendingSetting =>
  (settingKinds as readonly string[]).includes(pending.kind);

type Settled = Partial<Pick<StreamEntry, 'encryption' | 'metrics' | 'recordBytesMax'>>;

/** The members that hold from ACTIVE on. The new retention holds already. */
export function settled(pending: PendingSetting, { encryption }: StreamEntry): Settled {
  switch (pending.kind) {
    case 'encryption':
      // Absent when a stream that never had a key stops encrypting.
      return encryption ? { encryption: { ...encryption, keyId: pending.keyId } } : {};
    case 'monitoring':
      return { metrics: pending.metrics };
    case 'recordSize':
      return { recordBytesMax: pending.bytesMax };
    case 'retention':
      return {};
    default:
      return unreachable(pending, 'setting');
  }
}

/**
 * Asks `decide`, which may throw, on the catalog as it is when the change is written. Resolves to the stream
 * as it was before. Throws ResourceNotFound and ResourceInUse.
 */
export async function changeSetting(
  engine: EngineParts,
  call: { readonly input: StreamNaming; readonly scope: Scope },
  decide: (stream: StreamEntry) => SettingChange,
): Promise<StreamEntry> {
  let before: StreamEntry | undefined;
  let isStarted = false;
  await engine.catalog.update(() => {
    const stream = findStream(engine, call);
    if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
    before = stream;
    const change = decide(stream);
    if (change.isUnchanged && settingGuesses.unchangedStaysActive) return [];
    isStarted = !isAtOnce(change);
    return [changeOf(stream, change)];
  });
  if (isStarted) engine.transitions.start(before!.id);
  return before!;
}

const isAtOnce = ({ pending }: SettingChange): boolean =>
  pending.kind === 'recordSize' && !settingGuesses.recordSizePassesUpdating;

function changeOf(stream: StreamEntry, change: SettingChange): CatalogChange {
  const { id } = stream;
  const { pending, set } = change;
  return isAtOnce(change)
    ? { type: 'change', id, set: { ...set, ...settled(pending, stream) } }
    : { type: 'change', id, set: { ...set, status: 'UPDATING' }, pending };
}

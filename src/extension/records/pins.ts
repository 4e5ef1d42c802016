/** How the user wants streams decoded, kept over sessions by connection and stream. */
import type * as vscode from 'vscode';
import { Emitter } from '../../base/emitter.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';

const key = 'shardscope.pins';
/** The one that was set longest ago is forgotten beyond. */
export const pinsMax = 500;

type Pinned = readonly (readonly [place: string, decoders: readonly string[]])[];

const placeOf = ({ connection, stream }: StreamPlace): string =>
  JSON.stringify([connection, stream]);

export class Pins {
  private readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
  private readonly changed = new Emitter<StreamPlace>();

  readonly onChange = this.changed.event;

  constructor(memory: Pick<vscode.Memento, 'get' | 'update'>) {
    this.memory = memory;
  }

  /** Outermost first; empty: automatic. */
  of(place: StreamPlace): readonly string[] {
    const wanted = placeOf(place);
    return this.all().find(([each]) => each === wanted)?.[1] ?? [];
  }

  async set(place: StreamPlace, decoders: readonly string[]): Promise<void> {
    const wanted = placeOf(place);
    const others = this.all().filter(([each]) => each !== wanted);
    const pinned: Pinned = decoders.length > 0 ? [...others, [wanted, decoders]] : others;
    await this.memory.update(key, pinned.slice(-pinsMax));
    this.changed.fire(place);
  }

  private all(): Pinned {
    const kept = this.memory.get<unknown>(key);
    return Array.isArray(kept) ? kept.filter(isPin) : [];
  }
}

function isPin(value: unknown): value is Pinned[number] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  return Array.isArray(value[1]) && value[1].every((name) => typeof name === 'string');
}

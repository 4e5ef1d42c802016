/**
 * The queries that a user keeps for each stream of each connection, and those used last, in the extension's own state.
 * A stream that was deleted and created again has them still.
 */
import type { StreamQueries } from '../../protocol/panel.ts';
import { parseQuery } from '../../query/query.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';

/** A stream has so many of a name, and so many last used ones. */
export const savedMax = 50;
export const recentMax = 5;
export const nameCharactersMax = 60;
/** For so many streams they are kept; those without saved ones go first, the longest unused before the others. */
export const streamsMax = 500;

/** A Memento of VS Code. */
export interface Memory {
  keys(): readonly string[];
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

interface Kept extends StreamQueries {
  readonly usedMs: number;
}

const prefix = 'queries:';
const keyOf = ({ connection, stream }: StreamPlace): string => `${prefix}${connection}/${stream}`;

export class SavedQueries {
  private readonly memory: Memory;
  private readonly now: () => number;

  /** Each stream has a key of its own, so that windows do not undo what another one saved for another stream. */
  constructor(memory: Memory, now: () => number) {
    this.memory = memory;
    this.now = now;
  }

  /** In the order of their names; those used last, the last one first. */
  of(place: StreamPlace): StreamQueries {
    const { saved, recent } = keptOf(this.memory.get(keyOf(place)));
    return { saved, recent };
  }

  /** Throws what is wrong with the name, or when there are too many. */
  async save(place: StreamPlace, { name, text }: { name: string; text: string }): Promise<void> {
    const { saved, recent } = this.of(place);
    const others = saved.filter((query) => query.name !== name.trim());
    const problem = nameProblem(name) ?? (others.length < savedMax ? undefined : tooMany);
    if (problem !== undefined) throw new Error(problem);
    await this.keep(place, { saved: [...others, { name: name.trim(), text }], recent });
  }

  /** The text stays; one that had the new name goes. */
  async rename(place: StreamPlace, { from, to }: { from: string; to: string }): Promise<void> {
    const { saved, recent } = this.of(place);
    const found = saved.find(({ name }) => name === from);
    if (!found || from === to.trim()) return;
    const problem = nameProblem(to);
    if (problem !== undefined) throw new Error(problem);
    const others = saved.filter(({ name }) => name !== from && name !== to.trim());
    await this.keep(place, { saved: [...others, { name: to.trim(), text: found.text }], recent });
  }

  async remove(place: StreamPlace, name: string): Promise<void> {
    const { saved, recent } = this.of(place);
    await this.keep(place, { saved: saved.filter((query) => query.name !== name), recent });
  }

  /** `text` came into force because the user meant it. What goes on from the last one takes its place. */
  async used(place: StreamPlace, text: string): Promise<void> {
    const { tree, problems } = parseQuery(text);
    if (!tree || problems.length > 0) return;
    const { saved, recent } = this.of(place);
    const [last = text, ...before] = recent;
    const kept = text.startsWith(last) ? before : recent;
    const others = kept.filter((query) => query !== text);
    await this.keep(place, { saved, recent: [text, ...others].slice(0, recentMax) });
  }

  private async keep(place: StreamPlace, { saved, recent }: StreamQueries): Promise<void> {
    const byName = saved.toSorted((a, b) => a.name.localeCompare(b.name));
    const isEmpty = saved.length === 0 && recent.length === 0;
    const kept: Kept = { saved: byName, recent, usedMs: this.now() };
    await this.memory.update(keyOf(place), isEmpty ? undefined : kept);
    await this.forgetSome();
  }

  private async forgetSome(): Promise<void> {
    const keys = this.memory.keys().filter((key) => key.startsWith(prefix));
    if (keys.length <= streamsMax) return;
    const streams = keys.map((key) => ({ key, ...keptOf(this.memory.get(key)) }));
    const weight = ({ saved }: StreamQueries): number => (saved.length > 0 ? 1 : 0);
    streams.sort((a, b) => weight(a) - weight(b) || a.usedMs - b.usedMs);
    const gone = streams.slice(0, keys.length - streamsMax);
    await Promise.all(gone.map(({ key }) => this.memory.update(key, undefined)));
  }
}

const tooMany = `A stream keeps at most ${savedMax} queries. Delete one that is needed no more.`;

/** What is wrong with a name, in a sentence. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'A query is saved under a name.';
  if (name.trim().length <= nameCharactersMax) return undefined;
  return `A name has at most ${nameCharactersMax} characters.`;
}

/** Another version may have written it. */
function keptOf(value: unknown): Kept {
  const { saved, recent, usedMs } = Object(value) as Partial<Record<keyof Kept, unknown>>;
  return {
    saved: listOf(saved).filter(isSaved).slice(0, savedMax),
    recent: listOf(recent).filter(isText).slice(0, recentMax),
    usedMs: typeof usedMs === 'number' ? usedMs : 0,
  };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isText = (value: unknown): value is string => typeof value === 'string';

function isSaved(value: unknown): value is StreamQueries['saved'][number] {
  const { name, text } = Object(value) as Record<string, unknown>;
  return isText(name) && isText(text);
}

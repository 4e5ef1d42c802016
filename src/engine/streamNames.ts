/**
 * Which stream a name means to whom: to callers of its own account and region only, as on AWS, or to
 * everybody. It hides no stream for good, and changes nothing of how streams are stored.
 */
import type { StreamEntry } from './streamEntry.ts';

/** `one`: all callers see the same streams; `separate`: each account has its own in each region. */
export type Namespaces = 'one' | 'separate';
export const namespacesModes = ['one', 'separate'] as const satisfies readonly Namespaces[];

/** Where a caller, or a stream, is at home. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A stream's name in its account and region. */
export interface StreamKey extends Place {
  readonly name: string;
}

/** `account` and `region`: whose stream comes first where a name is in use in several. */
export interface Naming extends Place {
  readonly namespaces: Namespaces;
}

const keyText = ({ account, region, name }: StreamKey): string => `${account}/${region}/${name}`;
/** As many views of one stream are kept; callers are few. */
const viewsMax = 16;

export class StreamNames {
  private readonly naming: Naming;
  private readonly byKey = new Map<string, StreamEntry>();
  /** In the order in which they are meant. */
  private readonly byName = new Map<string, StreamEntry[]>();
  private readonly views = new WeakMap<StreamEntry, StreamEntry[]>();

  constructor(naming: Naming) {
    this.naming = naming;
  }

  /** A new stream, or one that has changed. */
  set(stream: StreamEntry): void {
    this.delete(stream);
    this.byKey.set(keyText(stream), stream);
    const others = this.byName.get(stream.name) ?? [];
    this.byName.set(
      stream.name,
      [...others, stream].sort((a, b) => this.order(a, b)),
    );
  }

  delete(stream: StreamEntry): void {
    if (this.byKey.get(keyText(stream))?.id === stream.id) this.byKey.delete(keyText(stream));
    const others = (this.byName.get(stream.name) ?? []).filter(({ id }) => id !== stream.id);
    if (others.length > 0) this.byName.set(stream.name, others);
    else this.byName.delete(stream.name);
  }

  /**
   * What a caller of that account and region means by the name, as it sees it: what is told of a stream
   * echoes the caller's own account and region. Its very own stream comes before others of the name.
   */
  find(key: StreamKey): StreamEntry | undefined {
    const own = this.byKey.get(keyText(key));
    if (own || this.naming.namespaces === 'separate') return own;
    const meant = this.byName.get(key.name)?.[0];
    return meant && this.seenFrom(key, meant);
  }

  /** All that a caller there sees. */
  seenIn(place: Place): StreamEntry[] {
    if (this.naming.namespaces === 'separate') {
      return [...this.byKey.values()].filter((stream) => isAt(stream, place));
    }
    return [...this.byName.keys()].map((name) => this.find({ ...place, name })!);
  }

  /** Sentences on names that several streams have, where that matters. */
  clashes(): string[] {
    if (this.naming.namespaces === 'separate') return [];
    return [...this.byName.values()].filter((streams) => streams.length > 1).map(clashSentence);
  }

  /** The same object for the same caller, until the stream changes. */
  private seenFrom({ account, region }: Place, stream: StreamEntry): StreamEntry {
    const known = this.views.get(stream);
    const found = known?.find((view) => isAt(view, { account, region }));
    if (found) return found;
    const view = { ...stream, account, region };
    if (known && known.length < viewsMax) known.push(view);
    else this.views.set(stream, [view]);
    return view;
  }

  /** The engine's own account and region first, then the older stream. */
  private order(a: StreamEntry, b: StreamEntry): number {
    const home = Number(isAt(b, this.naming)) - Number(isAt(a, this.naming));
    return home || a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1);
  }
}

const isAt = (stream: Place, { account, region }: Place): boolean =>
  stream.account === account && stream.region === region;

function clashSentence(streams: readonly StreamEntry[]): string {
  const places = streams.map(({ account, region }) => `${account} in ${region}`);
  return (
    `${streams.length} streams are named ${streams[0]!.name}: of account ${places.join(', of account ')}. ` +
    `Each account and region sees its own, all others see that of ${places[0]}. ` +
    'With --namespaces separate they are kept apart.'
  );
}

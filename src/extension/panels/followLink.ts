/** What an open tail does for a link to its stream: it keeps its rows wherever they have what the link leads to. Pure. */
import type { SeekAsked, SeekFound } from '../../protocol/histogram.ts';
import type { TailStart } from '../../protocol/tail.ts';

/** An open tail, as far as links matter. */
export interface LinkedTail {
  /** What arrives is read: nothing newer is left out. */
  readonly isLive: boolean;
  /** It has no record of any time: what came before it began is not known to it. */
  readonly isEmpty: boolean;
  filter(text: string): Promise<void>;
  /** Leads the panel there, if it is among the rows. */
  leadTo(place: SeekAsked): Promise<SeekFound['type']>;
  restart(start: TailStart): Promise<void>;
}

export interface LinkPlace {
  readonly start: TailStart;
  /** Empty: the link says nothing of one. */
  readonly filter: string;
}

/**
 * A filter of the link comes into force. Without one the tail keeps its own, unless that hides what the link leads to.
 * What is not held is read anew, from where the link says.
 */
export async function followLink({ start, filter }: LinkPlace, tail: LinkedTail): Promise<void> {
  if (filter !== '') await tail.filter(filter);
  if (await isHeld({ start, filter }, tail)) return;
  if (filter === '') await tail.filter('');
  await tail.restart(start);
}

async function isHeld({ start, filter }: LinkPlace, tail: LinkedTail): Promise<boolean> {
  if (start.type === 'LATEST') return tail.isLive;
  if (start.type === 'TRIM_HORIZON') return false;
  const found = await tail.leadTo(start);
  if (found === 'filtered' && filter === '') {
    await tail.filter('');
    await tail.leadTo(start);
  }
  // What has not arrived yet comes to a live tail by itself.
  return found === 'notYet' ? tail.isLive && !tail.isEmpty : found !== 'notHeld';
}

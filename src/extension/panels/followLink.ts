/** What an open tail does for a link to its stream: it keeps its rows wherever they have what the link leads to. Pure. */
import type { SeekAsked, SeekFound } from '../../protocol/histogram.ts';
import type { TailStart } from '../../protocol/tail.ts';
import type { OwedLead } from './owedPlace.ts';

/** An open tail, as far as links matter. */
export interface LinkedTail {
  /** What arrives is read: nothing newer is left out. */
  readonly isLive: boolean;
  readonly isPaused: boolean;
  /** It has no record of any time: what came before it began is not known to it. */
  readonly isEmpty: boolean;
  filter(text: string): Promise<void>;
  /** Leads the panel there, if it is among the rows. */
  leadTo(place: SeekAsked): Promise<SeekFound['type']>;
  restart(start: TailStart): Promise<void>;
  resume(): Promise<void>;
  /** Leads the panel there once it came. */
  owe(lead: OwedLead): void;
  /** Says that it is not among the rows. */
  missed(): void;
}

export interface LinkPlace {
  readonly start: TailStart;
  /** Empty: the link says nothing of one. */
  readonly filter: string;
  /** What to show there; undefined: the first of what starts there. */
  readonly shows?: SeekAsked | undefined;
  /** It was put just now: a tail that is paused goes on to it. */
  readonly isNew?: boolean;
}

/** Undefined when the newest rows are to be shown. */
export function leadOf({ start, filter, shows }: LinkPlace): OwedLead | undefined {
  const first =
    start.type === 'AT_TIMESTAMP' || start.type === 'AT_SEQUENCE_NUMBER' ? start : undefined;
  const place = shows ?? first;
  return place && { place, clearsFilter: filter === '' };
}

/**
 * A filter of the link comes into force. Without one the tail keeps its own, unless that hides what the link leads to.
 * What is not held is read anew, from where the link says.
 */
export async function followLink(link: LinkPlace, tail: LinkedTail): Promise<void> {
  const { start, filter } = link;
  if (filter !== '') await tail.filter(filter);
  if (await isHeld(link, tail)) return;
  if (filter === '') await tail.filter('');
  await tail.restart(start);
  const lead = leadOf(link);
  if (lead) tail.owe(lead);
}

async function isHeld(link: LinkPlace, tail: LinkedTail): Promise<boolean> {
  const lead = leadOf(link);
  if (!lead) return link.start.type === 'LATEST' && tail.isLive;
  const found = await tail.leadTo(lead.place);
  if (found === 'filtered' && lead.clearsFilter) {
    await tail.filter('');
    await tail.leadTo(lead.place);
  }
  // Of what was put just now the tail has what it has: rows that are held do not go for it.
  if (found === 'notHeld') {
    if (!link.isNew || tail.isEmpty) return false;
    tail.missed();
    return true;
  }
  if (found !== 'notYet') return true;
  if (!(await comes(link, tail))) return false;
  tail.owe(lead);
  return true;
}

/** What has not arrived yet comes to a tail that reads on. */
async function comes({ isNew = false }: LinkPlace, tail: LinkedTail): Promise<boolean> {
  if (tail.isEmpty) return false;
  if (!isNew || !tail.isPaused) return tail.isLive;
  await tail.resume();
  return true;
}

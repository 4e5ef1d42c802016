/** Which rows go along with a tick: those that a panel which follows the newest has not been sent yet. */
import type { NewestAsked, PageAsked } from '../protocol/tail.ts';
import { pageRowsMax } from './rows.ts';

/** The rows of a tab at one moment. */
export interface RowsNow {
  readonly generation: number;
  readonly revision: number;
  readonly first: number;
  readonly end: number;
}

export class NewestRows {
  private asked: NewestAsked | undefined;
  private sent: RowsNow | undefined;

  /** From the next tick on; a count of 0 ends it, and a page is the most. */
  ask(asked: NewestAsked): void {
    const count = Math.min(Math.trunc(asked.count), pageRowsMax);
    this.asked = count > 0 ? { ...asked, count } : undefined;
    this.sent = undefined;
  }

  /** The page that goes along with the tick that tells of `now`; undefined: none. */
  next(now: RowsNow): PageAsked | undefined {
    const { asked, sent } = this;
    if (!asked) return undefined;
    this.sent = now;
    const goesOn = sent?.generation === now.generation && sent.revision === now.revision;
    const from = Math.max(now.first, now.end - asked.count, goesOn ? sent.end : 0);
    return from < now.end ? { ...asked, from, count: now.end - from } : undefined;
  }
}

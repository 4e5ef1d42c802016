/**
 * The scrolled element and the viewport, each led by the other: the user moves the element, new rows move the
 * viewport. A move of the user's is told with the next frame only; what is drawn before that must not undo it.
 */
import type { Rows, ScrolledElement } from '../state/rows.ts';
import { rowHeightPx, type Viewport } from '../state/viewport.ts';

/** What can be scrolled by us. */
type Scroller = ScrolledElement & { scrollTop: number };

export class Scrolling {
  private readonly rows: Pick<Rows, 'scrolled'>;
  /** Where the element was when last looked at, how much it held, and what lay at its pixel 0. */
  private top = 0;
  private height = 0;
  private origin = 0;

  constructor(rows: Pick<Rows, 'scrolled'>) {
    this.rows = rows;
  }

  /** The element says that it was scrolled. */
  told(element: ScrolledElement): void {
    this.look(element);
    this.rows.scrolled(element);
  }

  /** The viewport was drawn: the element goes where it says, unless the user has moved it meanwhile. */
  drawn(viewport: Viewport, element: Scroller): void {
    const isUsers = this.isUsersMove(element);
    const dropped = (viewport.origin - this.origin) * rowHeightPx;
    const top = isUsers ? Math.max(0, element.scrollTop - dropped) : viewport.top;
    if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
    this.look(element);
    this.origin = viewport.origin;
    if (isUsers) this.rows.scrolled(element);
  }

  private look({ scrollTop, scrollHeight }: ScrolledElement): void {
    this.top = scrollTop;
    this.height = scrollHeight;
  }

  /** The browser itself moves it only up, to where the content ended when it was last looked at or ends now. */
  private isUsersMove({ scrollTop, clientHeight, scrollHeight }: ScrolledElement): boolean {
    const end = Math.min(scrollHeight, this.height) - clientHeight;
    const isBrowsers = scrollTop < this.top && scrollTop >= end - 1;
    return Math.abs(scrollTop - this.top) >= 1 && !isBrowsers;
  }
}

/** Asks the host for the rows in sight that are missing: one request at a time, the latest wish wins. */
import type { TailPage } from '../../src/protocol/tail.ts';
import type { RowCache } from './rowCache.ts';
import type { RowRange } from './viewport.ts';

export interface PagerParts {
  readonly cache: RowCache;
  fetch(params: { from: number; count: number }): Promise<TailPage>;
  /** A page came; true when rows that were here are to be fetched again. */
  onPage(): boolean;
  onFailure(reason: unknown): void;
}

export class Pager {
  private readonly parts: PagerParts;
  private sight: RowRange = { first: 0, end: 0 };
  private held: RowRange = { first: 0, end: 0 };
  private isAsking = false;
  /** Raised when what is on its way is of no use any more. */
  private epoch = 0;

  constructor(parts: PagerParts) {
    this.parts = parts;
  }

  /** A request is under way. */
  get isBusy(): boolean {
    return this.isAsking;
  }

  /** Fetches what `sight` lacks, and asks again when an earlier request brought nothing. */
  want(sight: RowRange, held: RowRange): void {
    this.sight = sight;
    this.held = held;
    void this.pump();
  }

  /** Ignores the answer that is on its way: positions mean something else now. */
  forget(): void {
    this.epoch += 1;
  }

  private async pump(): Promise<void> {
    if (this.isAsking) return;
    const gap = this.parts.cache.gap(this.sight, this.held);
    if (!gap) return;
    this.isAsking = true;
    const { epoch } = this;
    let isWorthMore = false;
    try {
      const page = await this.parts.fetch({ from: gap.first, count: gap.end - gap.first });
      isWorthMore = epoch !== this.epoch || this.take(page) || this.isOther(gap);
    } catch (reason) {
      isWorthMore = epoch !== this.epoch;
      if (!isWorthMore) this.parts.onFailure(reason);
    } finally {
      this.isAsking = false;
    }
    if (isWorthMore) void this.pump();
  }

  /** False when asking again before the next wish would bring the same. */
  private take(page: TailPage): boolean {
    const { cache, onPage } = this.parts;
    if (page.generation !== cache.generation) return page.generation < cache.generation;
    if (page.revision !== cache.revision) return page.revision < cache.revision;
    const hasNew = cache.add(page) > 0;
    cache.trim(this.sight);
    return onPage() || hasNew;
  }

  /** Something else is missing than what was asked for: a tick brought that, or the sight moved. */
  private isOther(asked: RowRange): boolean {
    const gap = this.parts.cache.gap(this.sight, this.held);
    return gap?.first !== asked.first || gap.end !== asked.end;
  }
}

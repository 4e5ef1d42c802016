/** How many records to ask for, so that a page is about as large as it may be: by the mean size of those that came. */

/** Before any came, so that a page is small also where they are large. */
const firstRecords = 64;

export class PageLimit {
  private readonly pace: { readonly recordsPerCall: number; readonly pageBytes?: number };
  private wanted: number;

  constructor(pace: PageLimit['pace']) {
    this.pace = pace;
    this.wanted = pace.pageBytes === undefined ? pace.recordsPerCall : firstRecords;
  }

  /** For the next call. */
  get records(): number {
    return this.wanted;
  }

  came({ records, bytes }: { readonly records: number; readonly bytes: number }): void {
    const { recordsPerCall, pageBytes } = this.pace;
    if (pageBytes === undefined || records === 0) return;
    const fitting = Math.floor((pageBytes * records) / Math.max(1, bytes));
    this.wanted = Math.min(recordsPerCall, Math.max(1, fitting));
  }
}

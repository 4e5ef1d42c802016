/** Everything the panel draws from, as one plain value. */
import type { TailHistogram } from '../../src/protocol/histogram.ts';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { EventRow, FullRecord, TailTick } from '../../src/protocol/tail.ts';
import type { TimeZone } from '../format.ts';
import type { ShownRow } from './rowCache.ts';
import { emptyViewport, type Viewport } from './viewport.ts';

/** What the details pane shows. `gone`: the record was dropped before it could be fetched. */
export type DetailsContent =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'record'; readonly record: FullRecord }
  | { readonly kind: 'event'; readonly event: EventRow };

/** What is drawn until the rows are here that are in sight now. Its positions lead to no row any more. */
export interface DrawnBefore {
  readonly viewport: Viewport;
  readonly active: number | undefined;
  readonly rows: ReadonlyMap<number, ShownRow>;
}

export interface PanelModel {
  /** Undefined until the host answered, or when it knows of no stream for this panel. */
  readonly subject: PanelSubject | undefined;
  /** The host answered. */
  readonly isReady: boolean;
  readonly tick: TailTick | undefined;
  readonly zone: TimeZone;
  /** What is in the filter box; the tick says what is in force. */
  readonly filter: string;
  readonly viewport: Viewport;
  readonly before: DrawnBefore | undefined;
  /** Raised whenever fetched rows changed. */
  readonly rowsVersion: number;
  /** A fetched row is of another day: times need their date. */
  readonly hasOtherDays: boolean;
  /** The row the keyboard is at. */
  readonly active: number | undefined;
  /** The row that a pointer is pressed on. */
  readonly pressed: number | undefined;
  /** The column in which a cell of that row has the focus; undefined: the row itself. */
  readonly activeColumn: string | undefined;
  readonly isDetailsOpen: boolean;
  readonly details: DetailsContent;
  /** Why rows in sight could not be fetched, until some can. */
  readonly rowsProblem: string | undefined;
  /** What the host refused to do, in a sentence. */
  readonly refusal: string | undefined;
  /** Undefined: the user has not chosen. */
  readonly isHistogramShown: boolean | undefined;
  /** The last one told, while it is shown. */
  readonly histogram: TailHistogram | undefined;
  /** For the live region. */
  readonly announcement: string;
}

export const initialModel: PanelModel = {
  subject: undefined,
  isReady: false,
  tick: undefined,
  zone: 'local',
  filter: '',
  viewport: emptyViewport,
  before: undefined,
  rowsVersion: 0,
  hasOtherDays: false,
  active: undefined,
  pressed: undefined,
  activeColumn: undefined,
  isDetailsOpen: false,
  details: { kind: 'none' },
  rowsProblem: undefined,
  refusal: undefined,
  isHistogramShown: undefined,
  histogram: undefined,
  announcement: '',
};

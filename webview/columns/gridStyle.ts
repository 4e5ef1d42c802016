/** The widths of the columns as CSS, from the grid to its header and rows by custom properties. Pure. */
import type { GridColumn, GridColumns } from '../../src/protocol/columns.ts';
import { fieldsIn } from './layout.ts';

/** As CSS: the least width, and the most; without one as much as there is. */
interface Track {
  readonly min: string;
  readonly max?: string;
}

const fieldTrack: Track = { min: '8ch', max: '18ch' };
/** Of what is out of order it also says after what. */
const orderTrack: Track = { min: '16ch', max: '22ch' };
const tracks: Readonly<Record<string, Track>> = {
  arrived: { min: '14ch', max: '14ch' },
  shard: { min: '5ch', max: '5ch' },
  key: { min: '6ch', max: '14ch' },
  sequence: { min: '9ch', max: '9ch' },
  size: { min: '9ch', max: '9ch' },
  value: { min: '0px' },
};
const narrowTracks: Readonly<Record<string, Track>> = {
  arrived: { min: '13ch', max: '13ch' },
  key: { min: '5ch', max: '11ch' },
};
const datedTracks: Readonly<Record<string, Track>> = { arrived: { min: '21ch', max: '21ch' } };
const narrowDatedTracks: Readonly<Record<string, Track>> = { key: { min: '5ch', max: '8ch' } };
/** Beside fields the value is not squeezed to nothing. */
const valueTracks: Readonly<Record<string, Track>> = { value: { min: '24ch' } };

/** In a narrow panel these give way to the others; the details have them. */
const wideOnly: readonly string[] = ['sequence', 'size'];

const gapPx = 10;
const paddingPx = 24;

export interface StyleOptions {
  /** Times with their date. */
  readonly isDated: boolean;
}

/** Property of the width of the column at `index`; a column that is dragged sets it alone. */
export const widthProperty = (index: number): string => `--column-${index}`;

export function gridStyle(columns: GridColumns, { isDated }: StyleOptions): Record<string, string> {
  const dated = isDated ? datedTracks : {};
  const narrowDated = isDated ? narrowDatedTracks : {};
  const isAlone = fieldsIn(columns).length === 0;
  const checked = columns.order === undefined ? {} : { [columns.order]: orderTrack };
  const wide = { ...tracks, ...dated, ...checked, ...(isAlone ? {} : valueTracks) };
  const narrow = { ...wide, ...narrowTracks, ...dated, ...narrowDated };
  const all = columns.shown.map((column, index) => ({ column, index }));
  const some = all.filter(({ column }) => !wideOnly.includes(column.id));
  return {
    ...widths(columns.shown),
    '--columns': template(all, wide),
    '--columns-min': minimum(all, wide),
    '--columns-narrow': template(some, narrow),
    '--columns-narrow-min': minimum(some, narrow),
  };
}

interface Placed {
  readonly column: GridColumn;
  readonly index: number;
}

type Tracks = Readonly<Record<string, Track>>;

function widths(shown: readonly GridColumn[]): Record<string, string> {
  const set = shown.flatMap(({ widthPx }, index) =>
    widthPx === undefined ? [] : [[widthProperty(index), `${widthPx}px`]],
  );
  return Object.fromEntries(set);
}

function template(placed: readonly Placed[], of: Tracks): string {
  const track = ({ column, index }: Placed): string => {
    const { min, max = '1fr' } = of[column.id] ?? fieldTrack;
    const width = min === max ? min : `minmax(${min}, ${max})`;
    return `var(${widthProperty(index)}, ${width})`;
  };
  return placed.map(track).join(' ');
}

function minimum(placed: readonly Placed[], of: Tracks): string {
  const parts = placed.map(
    ({ column, index }) => `var(${widthProperty(index)}, ${(of[column.id] ?? fieldTrack).min})`,
  );
  const between = Math.max(0, placed.length - 1) * gapPx + paddingPx;
  return `calc(${[...parts, `${between}px`].join(' + ')})`;
}

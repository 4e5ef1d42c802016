/** A value that a row shows in part, as its record has it. */
import { messageOf } from '../../src/base/errors.ts';
import type { FullRecord } from '../../src/protocol/tail.ts';
import { FieldReader } from '../../src/query/fieldReader.ts';
import { leafValueOf } from '../../src/query/jsonLeaves.ts';
import type { Step } from '../../src/query/tree.ts';
import type { Copying } from '../details/copyRecord.ts';
import { isJsonFormat } from '../grid/tokens.ts';
import { cellOf, type PartOf, type ShownValue, unlessHidden } from './shownValues.ts';

/** What is done with a value once all of it is here. */
export interface ValueUse {
  /** `Nothing was copied` */
  readonly failure: string;
  /** May throw: the reason, as a sentence. */
  use(value: ShownValue): void;
}

/** Never rejects, and never uses a part of the value. */
export async function useWhole(
  by: Pick<Copying, 'record' | 'refuse'>,
  { value, failure, use }: ValueUse & { readonly value: ShownValue },
): Promise<void> {
  try {
    const { partOf } = value;
    use(partOf ? await askedFor(by, value, partOf) : value);
  } catch (thrown) {
    by.refuse(`${failure}: ${messageOf(thrown).replace(/\.$/, '')}.`);
  }
}

async function askedFor(
  by: Pick<Copying, 'record'>,
  value: ShownValue,
  { position, id, steps, isSingle }: PartOf,
): Promise<ShownValue> {
  const record = await by.record({ position, id });
  if (!record) throw new Error('the record is held here no longer');
  const whole = steps ? valueAt(record, steps) : { text: record.decoded };
  if (record.decodedIsCut) throw new Error(cutReason);
  if (!whole) throw new Error(`the record has nothing at ${value.name}`);
  if (isSingle && folded(whole.text) !== folded(value.text)) {
    throw new Error(`${value.name} comes again further on in the record, and the last one counts`);
  }
  const { name, shown } = value;
  const [seen] = unlessHidden(record.row, [{ name, shown, ...whole }]);
  return seen!;
}

const cutReason = 'only the beginning of the record is here; open it in the editor for all of it';

/** As rows show it. */
const folded = (text: string): string => text.replace(/\s+/g, ' ');

type Whole = Pick<ShownValue, 'text' | 'cell'>;

/** Undefined where no value is. Of several each is on a line of its own. */
function valueAt({ decoded, row }: FullRecord, steps: readonly Step[]): Whole | undefined {
  if (!isJsonFormat(row.format)) throw new Error('the record as a whole is no JSON');
  const [spans = []] = new FieldReader([steps]).read(decoded).spans;
  const values = spans.map(({ start, end }) => decoded.slice(start, end));
  if (values.length === 0) return undefined;
  const text = values.map(textOf).join('\n');
  const leaf = values.length === 1 ? leafValueOf(values[0]!) : undefined;
  return { text, ...(leaf !== undefined && cellOf(steps, leaf)) };
}

/** A text without its quotation marks, all else as JSON on one line. */
function textOf(json: string): string {
  const leaf = leafValueOf(json);
  return typeof leaf === 'string' ? leaf : compact(json);
}

/** Without the white space between its signs. */
const compact = (json: string): string =>
  json.replace(/("(?:[^"\\]+|\\.)*")|\s+/gs, (_, text: string | undefined) => text ?? '');

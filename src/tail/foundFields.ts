/** Which JSON fields records have: paths for columns, with a value of each. */
import type * as Protocol from '../protocol/columns.ts';
import { unescaped, valueEnd, walkObject, wrong } from '../query/jsonWalk.ts';
import { pathText } from '../query/path.ts';
import { shownCell } from './fieldCells.ts';
import type { JsonHeads } from './jsonHeads.ts';

/** The protocol's bound, which the compiler keeps equal. */
export const foundFieldsMax: typeof Protocol.foundFieldsMax = 200;
/** Objects in objects so far. */
const depthMax = 4;

interface Field {
  count: number;
  readonly example: string;
}

/** The fields of the records in `slots`; lists are fields, what is in them is not. */
export function foundFields(heads: JsonHeads, slots: readonly number[]): Protocol.FieldsFound {
  const found = new Map<string, Field>();
  let json = 0;
  for (const slot of slots) {
    const text = heads.shown(slot)?.text.trimStart();
    const fields = text?.[0] === '{' ? fieldsIn(text) : undefined;
    if (!fields) continue;
    json++;
    for (const [path, example] of fields) {
      const known = found.get(path);
      if (known) known.count++;
      else if (found.size < foundFieldsMax) {
        found.set(path, { count: 1, example: shownCell(heads, example) });
      }
    }
  }
  const fields = [...found].map(([path, field]) => ({ path, ...field }));
  return { looked: slots.length, json, fields, isCut: fields.length >= foundFieldsMax };
}

/** Values by path, as they are written; undefined of what is no JSON. */
function fieldsIn(text: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  const enter = (steps: readonly string[], at: number): number =>
    walkObject(text, at, (written, from) => {
      const path = [...steps, unescaped(written)];
      const isObject = text[from] === '{' && path.length < depthMax;
      const end = isObject ? enter(path, from) : valueEnd(text, from);
      const isFull = fields.size >= foundFieldsMax;
      if (end >= 0 && !isObject && !isFull) fields.set(pathText(path), text.slice(from, end));
      return end;
    });
  return enter([], 0) === wrong ? undefined : fields;
}

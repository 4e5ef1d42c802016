/** Copies a record in one of its forms; of a long one the bytes that are not here are asked for first. */
import { messageOf } from '../../src/base/errors.ts';
import type { FullRecord, FullRecordAsked } from '../../src/protocol/tail.ts';
import { type CopyChoice, maskObjection } from './copyChoices.ts';
import { isRawCut } from './copyTexts.ts';

export interface Copying {
  record(asked: FullRecordAsked): Promise<FullRecord | undefined>;
  copy(text: string, what: string): void;
  /** Says why nothing was copied, in a sentence. */
  refuse(sentence: string): void;
}

interface Copied {
  readonly choice: CopyChoice;
  readonly record: FullRecord;
}

/** Never rejects, and never copies a part of what it says. */
export async function copyRecord(by: Copying, { choice, record }: Copied): Promise<void> {
  try {
    const whole = choice.isOfBytes && isRawCut(record) ? await wholeOf(by, record) : record;
    by.copy(choice.text(whole), choice.what);
  } catch (thrown) {
    by.refuse(`Nothing was copied: ${messageOf(thrown).replace(/\.$/, '')}.`);
  }
}

async function wholeOf(by: Copying, { row }: FullRecord): Promise<FullRecord> {
  const { position, id } = row;
  const whole = await by.record({ position, id, isWhole: true });
  if (!whole) throw new Error('the record is held here no longer');
  if (whole.withheld !== undefined) throw new Error(maskObjection);
  if (isRawCut(whole)) throw new Error('only its beginning was read');
  return whole;
}

/** What a mask has left of a value: nothing that a query could ask for. */
import type { RecordRow } from '../../src/protocol/tail.ts';

/** As the decoders write it. */
export const maskText = '•••';

/** True when `text` of the record is not what the record has. */
export const isHidden = ({ isMasked }: Pick<RecordRow, 'isMasked'>, text: string): boolean =>
  isMasked === true && text.includes(maskText);

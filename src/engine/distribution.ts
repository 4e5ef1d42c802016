/** Where records of an on-demand stream go: by their keys, or anywhere. Records that are stored stay where they are. */
import { distributionNeedsOnDemand } from '../kinesis/modeErrors.ts';
import type { StreamEntry } from './streamEntry.ts';

/** Added again and again it comes nowhere near where it was, so any part of the range gets its share. */
const step = 0x9e3779b9;
let turn = 0;

/** A hash key of no record: each next one far from the last ones, evenly over all. @source guessed: AWS's own way. */
export function spreadHashKey({ into, at }: { into: Uint32Array; at: number }): void {
  turn = (turn + step) >>> 0;
  into[at] = turn;
}

/** Throws InvalidArgument for AUTO on a provisioned stream. @source documented; guessed: its own default is accepted. */
export function checkDistribution(
  { mode, account, name }: Pick<StreamEntry, 'account' | 'mode' | 'name'>,
  strategy: StreamEntry['distribution'],
): void {
  if (strategy === 'AUTO' && mode !== 'ON_DEMAND') {
    throw distributionNeedsOnDemand({ account, name });
  }
}

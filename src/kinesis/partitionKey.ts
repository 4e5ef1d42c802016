/** How long a partition key is. */
import { partitionKeyCharactersMax } from './limits.ts';

/** True of 256 characters at most, the empty key included. Some characters are two units of a text. */
export function isPartitionKeyShort(key: string): boolean {
  if (key.length <= partitionKeyCharactersMax) return true;
  return (
    key.length <= 2 * partitionKeyCharactersMax && [...key].length <= partitionKeyCharactersMax
  );
}

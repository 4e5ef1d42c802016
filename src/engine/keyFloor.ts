/**
 * Numbers go on above everything that was told before a restore: who reads on, or comes back with a number,
 * skips nothing that is put after it. One small file beside the catalog; it never holds a record's number.
 */
import { keyByClock } from './firstKey.ts';
import type { Files } from './log/files.ts';
import { LogError } from './log/logError.ts';

/** Missing until the first restore; in no snapshot. */
export const keyFloorPath = 'keys';
const keyFloorFormat = 1;
/** More keys than can be given while a restore begins. */
const beginGap = 2 ** 30;

/** The key that every log goes on with at least, 0 for any. Throws LogError FORMAT for a newer file. */
export async function readKeyFloor(files: Files): Promise<number> {
  const bytes = await files.readAll(keyFloorPath);
  const { format, from } = bytes ? parse(bytes) : {};
  if (typeof format === 'number' && format > keyFloorFormat) throw newer(format);
  return typeof from === 'number' && Number.isSafeInteger(from) && from >= 0 ? from : 0;
}

/**
 * Resolved: also after a crash keys begin above `upcomingKey`, the highest that a log in use gives next, and
 * above what `nowMs`, the latest wall time that anybody went by, gave to logs that are closed.
 */
export async function raiseKeyFloor(
  files: Files,
  { upcomingKey, nowMs }: { upcomingKey: number; nowMs: number },
): Promise<void> {
  const told = Math.max(await readKeyFloor(files), upcomingKey, keyByClock(nowMs) ?? 0);
  const text = `${JSON.stringify({ format: keyFloorFormat, from: told + beginGap })}\n`;
  await files.replace(keyFloorPath, new TextEncoder().encode(text));
}

function parse(bytes: Uint8Array): { format?: unknown; from?: unknown } {
  try {
    return (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as object;
  } catch {
    return {};
  }
}

const newer = (format: number): LogError =>
  new LogError(
    'FORMAT',
    `The file ${keyFloorPath} was written by a newer Shardscope (format ${format}; this version reads ` +
      `${keyFloorFormat}). Update Shardscope, or use another data folder.`,
    { path: keyFloorPath },
  );

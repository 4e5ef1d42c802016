/** A logger that keeps its lines, whatever their level. */
import type { Logger } from '../../src/base/logger.ts';

export function recorder(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  return { lines, debug: note, info: note, warn: note, error: note };
}

/** Tunes the garbage collector of an engine's process. Nothing else depends on it. */
import { setFlagsFromString } from 'node:v8';

/**
 * The heap is small and lives long; what comes and goes are buffers of requests, which count as much.
 * By default their garbage makes the collector go through that heap every few dozen batches, which costs
 * a fifth of a put. Ten times the heap is some 100 MiB.
 */
const growingPercent = 1000;

export function tuneCollector(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}

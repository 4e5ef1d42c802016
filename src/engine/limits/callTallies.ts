/** How often each operation was called, and how often a rate or a quota was against it. Decides nothing. */
import type { OperationCounters } from '../../admin/counters.ts';
import type { OperationName } from '../../kinesis/operations.ts';

type Tally = { -readonly [K in keyof OperationCounters]: OperationCounters[K] };

export class CallTallies {
  private readonly tallies = new Map<OperationName, Tally>();

  of(operation: OperationName): Tally {
    let tally = this.tallies.get(operation);
    if (!tally) {
      tally = { operation, calls: 0, throttled: 0, overLimit: 0 };
      this.tallies.set(operation, tally);
    }
    return tally;
  }

  /** By name. */
  list(): OperationCounters[] {
    const all = [...this.tallies.values()].map((tally) => ({ ...tally }));
    return all.sort((a, b) => (a.operation < b.operation ? -1 : 1));
  }
}

/**
 * The clocks by which the streams of connections go: this machine's, and for the local engine that which it was moved
 * to, as the window told it last. Timers and monotonic time are this machine's.
 */
import { type ClockStatus, engineTimeAt } from '../admin/controls.ts';
import type { Clock } from '../base/clock.ts';

export class StreamClocks {
  private readonly machine: Clock;
  private readonly told = new Map<string, ClockStatus>();

  constructor(machine: Clock) {
    this.machine = machine;
  }

  /** How the clock of a connection's streams stands from now on. */
  tell(connection: string, status: ClockStatus): void {
    this.told.set(connection, status);
  }

  /** It is what was told last whenever it is looked at. */
  of(connection: string): Clock {
    const { machine } = this;
    return {
      now: () => {
        const status = this.told.get(connection);
        return status ? engineTimeAt(status, machine.now()) : machine.now();
      },
      monotonic: () => machine.monotonic(),
      schedule: (delayMs, task) => machine.schedule(delayMs, task),
    };
  }
}

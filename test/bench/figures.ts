// What a run has measured, by name; targets and tables read from here and measure nothing.

/** Measured values by workload, server and metric. */
export class Figures {
  private readonly values = new Map<string, number>();

  /** `place` is `workload/server`. */
  set(place: string, metrics: Readonly<Record<string, number>>): void {
    for (const [metric, value] of Object.entries(metrics)) {
      this.values.set(`${place}/${metric}`, value);
    }
  }

  /** Undefined: not measured in this run. `name` is `workload/server/metric`. */
  get(name: string): number | undefined {
    return this.values.get(name);
  }
}

/** What all panels of a window work with. */
import type { Connections } from '../connections/connections.ts';
import type { LocalEngine } from '../engine/localEngine.ts';
import type { SavedQueries } from '../queries/savedQueries.ts';
import type { Records } from '../records/records.ts';
import type { Times } from '../times.ts';
import type { TrafficRates } from '../tree/trafficRates.ts';
import type { WorkerThread } from '../worker/workerThread.ts';
import type { ColumnMemory } from './columnMemory.ts';

export interface PanelParts {
  readonly engine: LocalEngine;
  readonly worker: WorkerThread;
  readonly connections: Connections;
  readonly rates: TrafficRates;
  readonly records: Records;
  /** What links to here begin with. */
  readonly linkBase: string;
  readonly queries: SavedQueries;
  readonly columns: ColumnMemory;
  readonly times: Times;
  brief(message: string): void;
  info(message: string): void;
  error(thrown: unknown): void;
}

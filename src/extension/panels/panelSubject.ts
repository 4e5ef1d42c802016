/** What a panel is told of what it shows. */
import type { GridColumns } from '../../protocol/columns.ts';
import type { PanelSubject } from '../../protocol/panel.ts';
import { readTimeZone } from '../settings.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import type { PanelParts } from './panelParts.ts';

interface Shown {
  readonly place: StreamPlace;
  readonly where: PanelSubject['where'];
  readonly columns: GridColumns | undefined;
}

/** Undefined when there is no such connection any more. */
export function subjectOf(
  { place, where, columns }: Shown,
  { connections, records, engine: { state } }: PanelParts,
): PanelSubject | undefined {
  const info = connections.find(place.connection);
  if (!info) return undefined;
  const { id, kind, label, region, account, place: at, endpoint, writable } = info;
  const aws = info.kind === 'aws' ? info : undefined;
  const [partition, profile] = [aws?.partition, aws?.profile];
  return {
    stream: place.stream,
    connection: {
      ...{ id, kind, label, region, account, partition },
      ...{ place: at, endpoint, profile, writable },
    },
    where,
    timeZone: readTimeZone(),
    ...(kind === 'local' && state.type === 'running' && { clock: state.status.clock }),
    look: records.look(place),
    columns,
  };
}

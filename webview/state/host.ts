/** The extension host as the panel uses it. */

import type { Clock } from '../../src/base/clock.ts';
import type { Channel } from '../../src/protocol/channel.ts';
import type { PanelEvents, PanelMethods, PanelState } from '../../src/protocol/panel.ts';

/** Calls and events of the host; a Channel is one. */
export type Host = Pick<Channel<PanelMethods, PanelEvents, Record<string, never>>, 'call' | 'on'>;

/** What the panel needs of the world around it. */
export interface Surroundings {
  readonly host: Host;
  readonly clock: Pick<Clock, 'now' | 'schedule'>;
  /** Of the user's own clock, its IANA name: the host's may be another one's. */
  timeZone(): string;
  /** Of that clock at that moment, minutes east of UTC. */
  utcOffsetMinutes(epochMs: number): number;
  /** What was kept before a reload. */
  savedState(): PanelState | undefined;
  /** Keeps what a reload needs; undefined: nothing any more. */
  saveState(state: PanelState | undefined): void;
}

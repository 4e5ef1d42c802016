/** DisableEnhancedMonitoring: UPDATING at once; the stream has the metrics less when it is ACTIVE. */
import type { Handler } from '../engineParts.ts';
import { changeMonitoring } from '../monitoring.ts';

export const disableEnhancedMonitoring: Handler<'DisableEnhancedMonitoring'> = (engine, call) =>
  changeMonitoring(
    engine,
    call,
    (has, named) => new Set([...has].filter((name) => !named.has(name))),
  );

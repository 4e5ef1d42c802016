/** EnableEnhancedMonitoring: UPDATING at once; the stream has the metrics more when it is ACTIVE. */
import type { Handler } from '../engineParts.ts';
import { changeMonitoring } from '../monitoring.ts';

export const enableEnhancedMonitoring: Handler<'EnableEnhancedMonitoring'> = (engine, call) =>
  changeMonitoring(engine, call, (has, named) => new Set([...has, ...named]));

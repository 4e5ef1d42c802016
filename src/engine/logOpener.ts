/** How the engine opens a stream's log. */

import { LogError } from './log/logError.ts';
import type { LogOpener } from './openStreams.ts';
import type { EnginePorts, EngineSettings } from './ports.ts';

export function defaultLogOpener(_ports: EnginePorts, _settings: EngineSettings): LogOpener {
  return () => Promise.reject(new LogError('CLOSED', 'not yet'));
}

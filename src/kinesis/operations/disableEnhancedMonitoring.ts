/** DisableEnhancedMonitoring: fewer of its metrics are kept shard by shard. @source documented */
import { type Infer, operation } from '../shape.ts';
import { enhancedMonitoring } from '../shapes.ts';

export const disableEnhancedMonitoring = operation('DisableEnhancedMonitoring', enhancedMonitoring);

export type DisableEnhancedMonitoringInput = Infer<typeof disableEnhancedMonitoring.input>;
export type DisableEnhancedMonitoringOutput = Infer<typeof disableEnhancedMonitoring.output>;

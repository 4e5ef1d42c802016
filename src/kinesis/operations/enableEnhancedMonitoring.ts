/** EnableEnhancedMonitoring: more of its metrics are kept shard by shard. @source documented */
import { type Infer, operation } from '../shape.ts';
import { enhancedMonitoring } from '../shapes.ts';

export const enableEnhancedMonitoring = operation('EnableEnhancedMonitoring', enhancedMonitoring);

export type EnableEnhancedMonitoringInput = Infer<typeof enableEnhancedMonitoring.input>;
export type EnableEnhancedMonitoringOutput = Infer<typeof enableEnhancedMonitoring.output>;

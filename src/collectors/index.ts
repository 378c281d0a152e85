import type { Phases } from './run.ts';
import { collectorSettingsSchema } from './settings.ts';

export { createScope, ScopeSettings } from './scope.ts';
export type { CollectorSettings } from './settings.ts';

/** The order that Kafka demands: kafka.md, "Reading". */
export const phases: Phases = [];
export const CollectorsSection = collectorSettingsSchema(phases.flat());

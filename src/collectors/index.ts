import { brokerConfigs } from './broker-configs.ts';
import { cluster } from './cluster.ts';
import { committedOffsets } from './committed-offsets.ts';
import { endOffsets } from './end-offsets.ts';
import { groupMembership } from './group-membership.ts';
import { logDirs } from './log-dirs.ts';
import { logStartOffsets } from './log-start-offsets.ts';
import { offsetsForTimes } from './offsets-for-times.ts';
import { permissions } from './permissions.ts';
import { quorum } from './quorum.ts';
import type { Phases } from './run.ts';
import { collectorSettingsSchema } from './settings.ts';
import { topicConfigs } from './topic-configs.ts';

export { createScope, ScopeSettings } from './scope.ts';
export type { CollectorSettings } from './settings.ts';
export { isWatched, withinScope } from './watched.ts';

/**
 * For each partition Kafka must be asked in this order: log start, committed offset, last stable offset, high watermark.
 * All are routed by what the first phase found.
 */
export const phases: Phases = [
  [cluster],
  [topicConfigs, brokerConfigs, logDirs, quorum, permissions],
  [logStartOffsets, groupMembership],
  [committedOffsets],
  [endOffsets],
  [offsetsForTimes],
];

/** The settings section of the collectors. */
export const CollectorsSection = collectorSettingsSchema(phases.flat());

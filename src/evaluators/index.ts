import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Duration } from '../model/duration.ts';
import type { Rule } from './rule.ts';
import { abandonedGroup } from './rules/abandoned-group.ts';
import { clusterUnreachable } from './rules/cluster-unreachable.ts';
import { collectorFailing } from './rules/collector-failing.ts';
import { commitDelayRising } from './rules/commit-delay-rising.ts';
import { dataMissing } from './rules/data-missing.ts';
import { droppedTopic } from './rules/dropped-topic.ts';
import { hotPartition } from './rules/hot-partition.ts';
import { idleMembers } from './rules/idle-members.ts';
import { lagCliff } from './rules/lag-cliff.ts';
import { lagging } from './rules/lagging.ts';
import { logTruncated } from './rules/log-truncated.ts';
import { lostData } from './rules/lost-data.ts';
import { offlinePartition } from './rules/offline-partition.ts';
import { offsetAheadOfLog } from './rules/offset-ahead-of-log.ts';
import { rebalanceStorm } from './rules/rebalance-storm.ts';
import { sloBreached } from './rules/slo-breached.ts';
import { stalled } from './rules/stalled.ts';
import { stopped } from './rules/stopped.ts';
import { stuckPartition } from './rules/stuck-partition.ts';
import { stuckRebalance } from './rules/stuck-rebalance.ts';
import { unassignedPartitions } from './rules/unassigned-partitions.ts';
import { underMinIsr } from './rules/under-min-isr.ts';
import { underReplicated } from './rules/under-replicated.ts';
import { willLoseData } from './rules/will-lose-data.ts';

/** Every kind of finding that tidemark knows. To add one: its file, and a line here. */
export const rules = [
  lostData,
  willLoseData,
  offsetAheadOfLog,
  stuckPartition,
  stalled,
  stopped,
  sloBreached,
  lagging,
  hotPartition,
  commitDelayRising,
  lagCliff,
  rebalanceStorm,
  stuckRebalance,
  unassignedPartitions,
  idleMembers,
  abandonedGroup,
  droppedTopic,
  logTruncated,
  offlinePartition,
  underMinIsr,
  underReplicated,
  clusterUnreachable,
  collectorFailing,
  dataMissing,
] as const satisfies readonly Rule[];

const thresholdSections = Object.fromEntries(rules.map((rule) => [rule.code, rule.thresholds])) as {
  [R in (typeof rules)[number] as R['code']]: R['thresholds'];
};

/** The section `findings` of the config: how long a finding without data is held, and each rule's thresholds by its code. */
export const FindingSettings = Type.Object({
  holdFindings: Duration('1h', 'how long a finding stays raised without data, from the last data that told'),
  ...thresholdSections,
});
export type FindingSettings = Static<typeof FindingSettings>;

/** All thresholds as they are where nothing is configured. */
export function defaultFindingSettings(): FindingSettings {
  return Value.Create(FindingSettings);
}

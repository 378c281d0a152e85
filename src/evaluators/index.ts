import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Duration } from '../model/duration.ts';
import type { Rule } from './rule.ts';
import { abandonedGroup } from './rules/abandoned-group.ts';
import { atMinIsr } from './rules/at-min-isr.ts';
import { blockedByTransaction } from './rules/blocked-by-transaction.ts';
import { brokerMissing } from './rules/broker-missing.ts';
import { brokerSkew } from './rules/broker-skew.ts';
import { clusterUnreachable } from './rules/cluster-unreachable.ts';
import { collectorFailing } from './rules/collector-failing.ts';
import { commitDelayRising } from './rules/commit-delay-rising.ts';
import { dataMissing } from './rules/data-missing.ts';
import { deadLetterGrowing } from './rules/dead-letter-growing.ts';
import { diskFilling } from './rules/disk-filling.ts';
import { droppedTopic } from './rules/dropped-topic.ts';
import { hotPartition } from './rules/hot-partition.ts';
import { idleMembers } from './rules/idle-members.ts';
import { lagCliff } from './rules/lag-cliff.ts';
import { lagging } from './rules/lagging.ts';
import { logDirOffline } from './rules/log-dir-offline.ts';
import { logTruncated } from './rules/log-truncated.ts';
import { lostData } from './rules/lost-data.ts';
import { neverCommitted } from './rules/never-committed.ts';
import { notPreferredLeader } from './rules/not-preferred-leader.ts';
import { offlinePartition } from './rules/offline-partition.ts';
import { offsetAheadOfLog } from './rules/offset-ahead-of-log.ts';
import { offsetsExpiring } from './rules/offsets-expiring.ts';
import { offsetsGone } from './rules/offsets-gone.ts';
import { openTransaction } from './rules/open-transaction.ts';
import { partitionSkew } from './rules/partition-skew.ts';
import { partitionsAdded } from './rules/partitions-added.ts';
import { permissionMissing } from './rules/permission-missing.ts';
import { quorumUnhealthy } from './rules/quorum-unhealthy.ts';
import { rebalanceStorm } from './rules/rebalance-storm.ts';
import { retentionShortened } from './rules/retention-shortened.ts';
import { rewound } from './rules/rewound.ts';
import { singleReplica } from './rules/single-replica.ts';
import { skipped } from './rules/skipped.ts';
import { sloBreached } from './rules/slo-breached.ts';
import { stalled } from './rules/stalled.ts';
import { stopped } from './rules/stopped.ts';
import { stuckPartition } from './rules/stuck-partition.ts';
import { stuckRebalance } from './rules/stuck-rebalance.ts';
import { tooManyPartitions } from './rules/too-many-partitions.ts';
import { unassignedPartitions } from './rules/unassigned-partitions.ts';
import { uncleanElectionAllowed } from './rules/unclean-election-allowed.ts';
import { underMinIsr } from './rules/under-min-isr.ts';
import { underReplicated } from './rules/under-replicated.ts';
import { willLoseData } from './rules/will-lose-data.ts';

/** Every kind of finding that tidemark knows. To add one: its file, and a line here. */
export const rules = [
  lostData,
  willLoseData,
  skipped,
  rewound,
  offsetAheadOfLog,
  neverCommitted,
  offsetsExpiring,
  offsetsGone,
  stuckPartition,
  stalled,
  blockedByTransaction,
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
  openTransaction,
  deadLetterGrowing,
  retentionShortened,
  partitionsAdded,
  partitionSkew,
  logTruncated,
  offlinePartition,
  underMinIsr,
  underReplicated,
  atMinIsr,
  notPreferredLeader,
  singleReplica,
  uncleanElectionAllowed,
  brokerMissing,
  brokerSkew,
  tooManyPartitions,
  diskFilling,
  logDirOffline,
  quorumUnhealthy,
  clusterUnreachable,
  collectorFailing,
  dataMissing,
  permissionMissing,
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

import { clusterFamilies } from './families/cluster.ts';
import { findingFamilies } from './families/findings.ts';
import { groupFamilies } from './families/group.ts';
import { groupPartitionFamilies } from './families/group-partition.ts';
import { groupTopicFamilies } from './families/group-topic.ts';
import { partitionFamilies } from './families/partition.ts';
import { topicFamilies } from './families/topic.ts';
import { isBulk, type MetricFamily } from './family.ts';

/** `main` is /metrics, `detail` is /metrics/partitions. */
export const pages = ['main', 'detail'] as const;
export type Page = (typeof pages)[number];

/** Every family that is rendered from reports, in the order of the exposition. */
export const catalogue: readonly MetricFamily[] = [
  ...clusterFamilies,
  ...findingFamilies,
  ...groupFamilies,
  ...groupTopicFamilies,
  ...topicFamilies,
  ...partitionFamilies,
  ...groupPartitionFamilies,
];

export function pageOf(family: MetricFamily): Page {
  return isBulk(family) ? 'detail' : 'main';
}

/**
 * What goes first when the samples pass the budget: whole families, so that no group is missing from what stays. The detail of
 * what the group-topic rows sum up comes first; what is not listed never goes.
 */
export const sheddingOrder: readonly MetricFamily['name'][] = [
  'tidemark_group_partition_committed_offset',
  'tidemark_partition_log_start_offset',
  'tidemark_partition_end_offset',
  'tidemark_group_partition_lag_records',
  'tidemark_group_partition_lag_seconds',
  'tidemark_group_partition_time_to_loss_seconds',
  'tidemark_group_topic_lag_trend',
  'tidemark_group_topic_last_progress_timestamp_seconds',
  'tidemark_group_topic_uncommitted_partitions',
  'tidemark_group_topic_commit_delay_seconds',
  'tidemark_group_topic_max_lag_records',
  'tidemark_group_topic_lag_growth_records_per_second',
  'tidemark_group_topic_rewound_records_total',
  'tidemark_group_topic_skipped_records_total',
  'tidemark_group_state',
  'tidemark_group_outlook',
];

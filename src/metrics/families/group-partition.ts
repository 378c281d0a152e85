import type { BulkFamily } from '../family.ts';

const common = { type: 'gauge', stability: 'stable', rows: 'group-partition' } as const;

/** The bulk: one sample a group and partition. Only what cannot be had from fewer rows stands here. */
export const groupPartitionFamilies: readonly BulkFamily[] = [
  {
    ...common,
    name: 'tidemark_group_partition_committed_offset',
    help: 'Committed offset of the group on the partition',
    column: ({ series }) => series.committedOffset,
    unit: 'records',
  },
  {
    ...common,
    name: 'tidemark_group_partition_lag_records',
    help: 'End offset less committed offset; absent without a commit',
    column: ({ series }) => series.lag,
    unit: 'records',
  },
  {
    ...common,
    name: 'tidemark_group_partition_lag_seconds',
    help: 'Time since the end offset passed the committed offset, 0 when caught up',
    column: ({ series }) => series.timeLagSeconds,
    unit: 'seconds',
  },
  {
    ...common,
    name: 'tidemark_group_partition_time_to_loss_seconds',
    help: 'Time until retention deletes the first unread record, earliest bound; absent where no loss is ahead',
    column: ({ series }) => series.timeToLossEarliestSeconds,
    unit: 'seconds',
  },
];

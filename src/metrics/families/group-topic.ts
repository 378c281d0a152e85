import { lagTrends } from '../../model/report.ts';
import { type RowFamily, thousandths, writeStates } from '../family.ts';
import { labelText } from '../labels.ts';

const gauge = { type: 'gauge', stability: 'stable', rows: 'group-topic' } as const;
const counter = { type: 'counter', stability: 'stable', rows: 'group-topic' } as const;

const trendStates = new Map(
  lagTrends.filter((trend) => trend !== null).map((trend) => [trend, labelText({ trend })] as const),
);

/** One sample a group and topic: what most alerts and panels read. */
export const groupTopicFamilies: readonly RowFamily[] = [
  {
    ...gauge,
    name: 'tidemark_group_topic_lag_records',
    help: 'Lag of the group on the topic: the sum over its partitions that have a commit',
    sample: ({ report }, row, write) => write(report.groupTopics.lag[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_max_lag_records',
    help: 'Largest lag of any partition of the topic',
    sample: ({ report }, row, write) => write(report.groupTopics.maxLag[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_max_lag_seconds',
    help: 'Largest time lag of any partition of the topic',
    sample: ({ report }, row, write) => write(thousandths(report.groupTopics.maxTimeLagSeconds[row]!)),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_lag_growth_records_per_second',
    help: 'Slope of the lag, measured just after commits; negative when falling',
    sample: ({ report }, row, write) => write(thousandths(report.groupTopics.lagGrowthPerSecond[row]!)),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_lag_trend',
    help: 'Verdict on the slope of the lag: 1 for the trend that holds, 0 for the others',
    labels: ['trend'],
    sample: ({ report }, row, write) =>
      writeStates(trendStates, lagTrends[report.groupTopics.lagTrend[row]!] ?? null, write),
  },
  {
    ...counter,
    name: 'tidemark_group_topic_committed_records_total',
    help: 'Offsets that the committed offsets have moved forward by',
    sample: ({ report }, row, write) => write(report.groupTopics.committedRecords[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_time_to_drain_seconds',
    help: 'Time until the slowest partition has caught up; absent when it is not draining or not known',
    sample: ({ report }, row, write) => write(thousandths(report.groupTopics.timeToDrainSeconds[row]!)),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_time_to_loss_seconds',
    help: 'Time until retention deletes the first unread record of any partition, earliest bound; absent where no loss is ahead',
    sample: ({ report }, row, write) => write(thousandths(report.groupTopics.timeToLossEarliestSeconds[row]!)),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_retention_used_ratio',
    help: 'Share of the retention that the unread records have used up, by time or by size, of the worst partition',
    sample: ({ report }, row, write) => write(thousandths(report.groupTopics.retentionUsedRatio[row]!)),
  },
  {
    ...counter,
    name: 'tidemark_group_topic_lost_records_total',
    help: 'Offsets deleted by retention before the group had read them, upper bound',
    sample: ({ report }, row, write) => write(report.groupTopics.lostRecords[row]),
  },
  {
    ...counter,
    name: 'tidemark_group_topic_skipped_records_total',
    help: 'Offsets that the group jumped over unread',
    sample: ({ report }, row, write) => write(report.groupTopics.skippedRecords[row]),
  },
  {
    ...counter,
    name: 'tidemark_group_topic_rewound_records_total',
    help: 'Offsets that the committed offset went back by',
    sample: ({ report }, row, write) => write(report.groupTopics.rewoundRecords[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_uncommitted_partitions',
    help: 'Partitions without a commit, left out of the sums',
    sample: ({ report }, row, write) => write(report.groupTopics.uncommittedPartitions[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_commit_delay_seconds',
    help: 'Age of the record at the committed offset when the commit was first seen, of the worst partition',
    sample: ({ report }, row, write) => write(thousandths(report.groupTopics.commitDelaySeconds[row]!)),
  },
  {
    ...gauge,
    name: 'tidemark_group_topic_last_progress_timestamp_seconds',
    help: 'When a committed offset of the topic moved last, Unix time',
    sample: ({ report }, row, write) => write(thousandths(report.groupTopics.lastProgressMs[row]! / 1000)),
  },
];

import { isInState, type PartitionHealth } from '../../model/partition-health.ts';
import { ages, type PartitionColumn, type Report } from '../../model/report.ts';
import { sumOfKnown } from '../../model/report-numbers.ts';
import { partitionRowsOf } from '../../model/report-view.ts';
import type { TopicConfig } from '../../model/snapshot.ts';
import { type RowFamily, thousandths } from '../family.ts';
import { labelText } from '../labels.ts';

const stale = ages.indexOf('stale');
const gauge = { type: 'gauge', stability: 'stable', rows: 'topic' } as const;

export const topicFamilies: readonly RowFamily[] = [
  {
    ...gauge,
    name: 'tidemark_topic_info',
    help: 'What the topic is: always 1',
    labels: ['topic_id', 'cleanup_policy', 'replication_factor'],
    staleToo: true,
    sample: ({ report }, row, write) =>
      write(
        1,
        labelText({
          topic_id: report.topics.topicId[row],
          cleanup_policy: report.topics.config[row]?.cleanupPolicy?.join(','),
          replication_factor: replicationFactor(report, row),
        }),
      ),
  },
  {
    ...gauge,
    name: 'tidemark_topic_partitions',
    help: 'Partitions of the topic',
    sample: ({ report }, row, write) => write(partitionRowsOf(report, row).length),
  },
  healthFamily('offline', 'without a leader'),
  healthFamily('underReplicated', 'with fewer in-sync replicas than replicas, reassignments left out'),
  healthFamily('underMinIsr', 'with fewer in-sync replicas than min.insync.replicas'),
  healthFamily('atMinIsr', 'with exactly min.insync.replicas in-sync replicas, and fewer than replicas'),
  {
    ...gauge,
    name: 'tidemark_topic_produced_records_total',
    type: 'counter',
    help: 'Offsets that the end offsets of the topic have moved forward by',
    sample: ({ report }, row, write) => write(report.topics.producedRecords[row]),
  },
  {
    ...gauge,
    name: 'tidemark_topic_size_bytes',
    help: 'Size of the logs of the topic, one replica of each partition',
    sample: ({ report }, row, write) => write(sum(report, row, 'sizeBytes')),
  },
  {
    ...gauge,
    name: 'tidemark_topic_retention_seconds',
    help: 'retention.ms of the topic; absent where unlimited or unread',
    sample: ({ report }, row, write) => write(limit(report.topics.config[row], 'retentionMs', 1000)),
  },
  {
    ...gauge,
    name: 'tidemark_topic_retention_bytes',
    help: 'retention.bytes of the topic, for each partition; absent where unlimited or unread',
    sample: ({ report }, row, write) => write(limit(report.topics.config[row], 'retentionBytes', 1)),
  },
  {
    ...gauge,
    name: 'tidemark_topic_open_transaction_age_seconds',
    help: 'How long the oldest open transaction of the topic has kept the last stable offset where it stands, as far as it was watched; absent where none did at two polls running',
    sample: ({ report }, row, write) => write(openTransactionSeconds(report, row)),
  },
];

function healthFamily(state: keyof PartitionHealth, words: string): RowFamily {
  const word = {
    offline: 'offline',
    underReplicated: 'under_replicated',
    underMinIsr: 'under_min_isr',
    atMinIsr: 'at_min_isr',
  };
  return {
    ...gauge,
    name: `tidemark_topic_${word[state]}_partitions`,
    help: `Partitions of the topic ${words}`,
    sample: ({ report }, row, write) =>
      write(partitionRowsOf(report, row).filter((partition) => isInState(report, partition, state)).length),
  };
}

/** The sum over the partitions where the number is known. */
function sum(report: Report, topicRow: number, column: PartitionColumn): number {
  return sumOfKnown(partitionRowsOf(report, topicRow).map((row) => report.partitions[column][row]!));
}

/** As of the read of its partition; NaN where none is open. One that this very read shows for the first time has no age yet. */
function openTransactionSeconds({ partitions, topics, atMs, monotonicMs }: Report, topicRow: number): number {
  let oldestMs = 0;
  for (const row of topics.partitionRows[topicRow]!) {
    const readAtMs = monotonicMs - (atMs - partitions.endReadAtMs[row]!);
    const openMs = Math.round(readAtMs - partitions.openTransactionSinceMs[row]!);
    if (openMs > oldestMs && partitions.age[row] !== stale) oldestMs = openMs;
  }
  return oldestMs === 0 ? Number.NaN : oldestMs / 1000;
}

function replicationFactor(report: Report, topicRow: number): number | null {
  const [first] = partitionRowsOf(report, topicRow);
  if (first === undefined) return null;
  const replicas = report.partitions.replicas[first]!;
  return Number.isNaN(replicas) ? null : replicas;
}

/** A limit in base units; null where Kafka says -1 (none) or the config is unread. */
function limit(config: TopicConfig | null | undefined, field: 'retentionMs' | 'retentionBytes', divisor: number) {
  const value = config?.[field];
  return value === undefined || value < 0 ? null : thousandths(value / divisor);
}

/** Topics, partitions and brokers of a Report as the objects of wire.ts. */
import { minInSyncReplicasOf, partitionHealth } from './partition-health.ts';
import { ages, type Report } from './report.ts';
import { numberOf, rateOf, sumOfKnown } from './report-numbers.ts';
import { partitionRowsOf, type ReportView } from './report-view.ts';
import { reasonsOfNulls } from './series-json.ts';
import { topicReader } from './topic-reader-json.ts';
import type { BrokerReport, PartitionAnswer, TopicAnswer, TopicReport } from './wire.ts';

/** `row` is one of report.topics. */
export function topicReport(view: ReportView, row: number): TopicReport {
  const { report } = view;
  const { partitions } = report;
  const rows = partitionRowsOf(report, row);
  const config = report.topics.config[row] ?? null;
  const health = rows.map((partition) => partitionHealth(report, partition));
  const fields = {
    cluster: report.cluster,
    topic: report.topics.topic[row]!,
    topicId: report.topics.topicId[row]!,
    partitions: rows.length,
    replicationFactor: numberOf(rows[0] === undefined ? undefined : partitions.replicas[rows[0]]),
    offline: health.filter(({ offline }) => offline).length,
    underReplicated: health.filter(({ underReplicated }) => underReplicated).length,
    underMinIsr: health.filter(({ underMinIsr }) => underMinIsr).length,
    atMinIsr: health.filter(({ atMinIsr }) => atMinIsr).length,
    produceRate: rateOf(sumOfKnown(rows.map((partition) => partitions.produceRate[partition]!))),
    sizeBytes: numberOf(sumOfKnown(rows.map((partition) => partitions.sizeBytes[partition]!))),
    retentionMs: limitOf(config?.retentionMs),
    retentionBytes: limitOf(config?.retentionBytes),
    cleanupPolicy: config?.cleanupPolicy ? [...config.cleanupPolicy] : null,
    minInSyncReplicas: minInSyncReplicasOf(report, row),
    groups: view.groupTopicRowsOfTopic(row).length,
  };
  const unlimitedOrUnread = (value: number | undefined) => (value === undefined ? 'retention-unread' : null);
  return {
    ...fields,
    unknown: reasonsOfNulls(fields, {
      produceRate: rows.some((partition) => !Number.isNaN(partitions.highWatermark[partition]!))
        ? 'insufficient-data'
        : 'end-offset-unread',
      sizeBytes: 'size-unread',
      retentionMs: unlimitedOrUnread(config?.retentionMs),
      retentionBytes: unlimitedOrUnread(config?.retentionBytes),
      cleanupPolicy: 'retention-unread',
    }),
  };
}

/** -1 is Kafka's word for no limit. */
function limitOf(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value;
}

/** A topic with its partitions, and the groups that read it. */
export function topicAnswer(view: ReportView, row: number): TopicAnswer {
  const { groupTopics } = view.report;
  const readers = view.groupTopicRowsOfTopic(row).toSorted((a, b) => groupTopics.outlook[b]! - groupTopics.outlook[a]!);
  return {
    ...topicReport(view, row),
    partitionList: partitionRowsOf(view.report, row).map((partition) => topicPartition(view.report, partition)),
    readers: readers.map((reader) => topicReader(view, reader)),
  };
}

function topicPartition(report: Report, row: number): TopicAnswer['partitionList'][number] {
  const { partitions } = report;
  return {
    ...replicas(report, row),
    logStartOffset: numberOf(partitions.logStartOffset[row]),
    highWatermark: numberOf(partitions.highWatermark[row]),
    lastStableOffset: numberOf(partitions.lastStableOffset[row]),
    produceRate: rateOf(partitions.produceRate[row]),
    sizeBytes: numberOf(partitions.sizeBytes[row]),
    offline: partitions.offline[row] === 1,
    age: ages[partitions.age[row]!]!,
  };
}

/** A partition as the view of replicas shows it; `row` is one of report.partitions. */
export function partitionAnswer({ report }: ReportView, row: number): PartitionAnswer {
  const topicRow = report.partitions.topicRow[row]!;
  return {
    cluster: report.cluster,
    topic: report.topics.topic[topicRow]!,
    ...replicas(report, row),
    addingReplicas: numberOf(report.partitions.addingReplicas[row]),
    minInSyncReplicas: minInSyncReplicasOf(report, topicRow),
  };
}

function replicas({ partitions }: Report, row: number) {
  return {
    partition: partitions.partition[row]!,
    leader: numberOf(partitions.leader[row]),
    replicas: [...partitions.replicaIds[row]!],
    inSyncReplicas: [...partitions.inSyncReplicaIds[row]!],
  };
}

/** `row` is an index of report.brokers. */
export function brokerReport({ report }: ReportView, row: number): BrokerReport {
  const { logDirs, ...broker } = report.brokers[row]!;
  return {
    cluster: report.cluster,
    ...broker,
    logDirs: logDirs.map(({ fill, ...dir }) => ({ ...dir, timeToFullSeconds: fill?.fullInSeconds ?? null })),
  };
}

import { formatDuration } from '../../model/duration.ts';
import type { TopicConfig } from '../../model/snapshot.ts';
import type { Intake } from './intake.ts';

/** Settings of topics and brokers. A setting that was not read keeps its last value. */
export function ingestSettings(intake: Intake): void {
  const { history, snapshot } = intake;
  for (const { topic, config } of snapshot.reads['topic-configs']?.value ?? []) {
    const row = history.topicRows.get(topic);
    if (row === undefined) continue;
    const entry = history.topics[row]!;
    if (entry.config !== null) tellChanges(intake, topic, entry.config, config);
    entry.config = { ...entry.config, ...config };
    const { config: configBefore } = entry.read;
    if (configBefore !== null && differs(configBefore, config)) entry.change = { ...entry.change, configBefore };
    entry.read.config = { ...configBefore, ...config };
  }
  const brokerConfig = snapshot.reads['broker-configs'];
  if (brokerConfig !== undefined) history.brokerConfig = { ...history.brokerConfig, ...brokerConfig.value };
}

/** What Kafka lets us do. */
export function ingestPermissions(intake: Intake): void {
  const read = intake.snapshot.reads.permissions;
  if (read !== undefined) intake.history.permissions = { value: read.value, readAt: intake.readAt(read, null) };
}

/** A setting that is read for the first time has not changed. */
function differs(before: TopicConfig, now: TopicConfig): boolean {
  return (Object.keys(now) as (keyof TopicConfig)[]).some(
    (key) => before[key] !== undefined && String(before[key]) !== String(now[key]),
  );
}

function tellChanges(intake: Intake, topic: string, before: TopicConfig, now: TopicConfig): void {
  const changes = (Object.keys(now) as (keyof TopicConfig)[])
    .filter((key) => String(before[key]) !== String(now[key]))
    .map((key) => `${kafkaNames[key]} from ${valueWords(key, before[key])} to ${valueWords(key, now[key])}`);
  if (changes.length === 0) return;
  intake.tell('config', 'config-changed', { topic }, `Topic ${topic} was reconfigured: ${changes.join(', ')}.`);
}

/** As kafka-configs.sh names them. */
const kafkaNames: Readonly<Record<keyof TopicConfig, string>> = {
  retentionMs: 'retention.ms',
  retentionBytes: 'retention.bytes',
  cleanupPolicy: 'cleanup.policy',
  minInSyncReplicas: 'min.insync.replicas',
  segmentMs: 'segment.ms',
  segmentBytes: 'segment.bytes',
  uncleanLeaderElection: 'unclean.leader.election.enable',
  timestampType: 'message.timestamp.type',
  remoteStorageEnable: 'remote.storage.enable',
  deleteRetentionMs: 'delete.retention.ms',
};

/** Milliseconds with what a reader makes of them: `604800000 (7d)`. */
function valueWords(key: keyof TopicConfig, value: TopicConfig[keyof TopicConfig]): string {
  if (value === undefined) return 'unread';
  return typeof value === 'number' && key.endsWith('Ms') && value >= 1000
    ? `${value} (${formatDuration(value)})`
    : String(value);
}

/** Sizes of logs; bytes a record are learned from the growth between deletions. */
export function ingestLogSizes(intake: Intake): void {
  const { history, keeping, snapshot } = intake;
  const read = snapshot.reads['log-dirs'];
  if (read === undefined) return;
  for (const { topic, partitions, sizeBytes } of read.value.sizes) {
    const topicRow = history.topicRows.get(topic);
    if (topicRow === undefined) continue;
    for (let i = 0; i < partitions.length; i++) {
      const row = keeping.partitionRow(topicRow, partitions[i]!);
      if (row >= 0) learnBytesPerRecord(intake, row, sizeBytes[i]!);
    }
  }
}

/** Less growth than this many records says little: sizes and offsets are read at slightly different moments. */
const growthMinRecords = 50;

/** Called after the offsets of the same cycle were taken in, so that size and end belong together. */
function learnBytesPerRecord({ history }: Intake, row: number, size: number): void {
  const { numbers } = history.partitions;
  const end = numbers.highWatermark[row]!;
  const logStart = numbers.logStartOffset[row]!;
  const wasDeleted = size < numbers.sizeBytes[row]! || !Object.is(logStart, numbers.logStartAtSizeBase[row]);
  numbers.sizeBytes[row] = size;
  if (wasDeleted || Number.isNaN(numbers.sizeBase[row]!)) {
    numbers.sizeBase[row] = size;
    numbers.endAtSizeBase[row] = end;
    numbers.logStartAtSizeBase[row] = logStart;
    return;
  }
  const records = end - numbers.endAtSizeBase[row]!;
  const bytes = size - numbers.sizeBase[row]!;
  if (records >= growthMinRecords && bytes > 0) numbers.bytesPerRecord[row] = bytes / records;
}

import type { ConfigValues } from '../kafka/port.ts';
import type { TopicConfig } from '../model/snapshot.ts';
import type { Collector } from './collector.ts';
import { knownCluster, missingTopicFailures } from './watched.ts';

const asNumber = (text: string): number => Number(text);
const asBoolean = (text: string): boolean => text === 'true';
const asList = (text: string): readonly string[] => (text === '' ? [] : text.split(',').map((item) => item.trim()));

/** Kafka's key and our reading of each field: only these keys are asked for, and a key that a broker lacks stays out. */
const fields: { readonly [F in keyof TopicConfig]-?: readonly [key: string, read: (text: string) => TopicConfig[F]] } =
  {
    retentionMs: ['retention.ms', asNumber],
    retentionBytes: ['retention.bytes', asNumber],
    cleanupPolicy: ['cleanup.policy', asList],
    minInSyncReplicas: ['min.insync.replicas', asNumber],
    segmentMs: ['segment.ms', asNumber],
    segmentBytes: ['segment.bytes', asNumber],
    uncleanLeaderElection: ['unclean.leader.election.enable', asBoolean],
    timestampType: ['message.timestamp.type', (text) => text],
    remoteStorageEnable: ['remote.storage.enable', asBoolean],
    deleteRetentionMs: ['delete.retention.ms', asNumber],
  };
const keys = Object.values(fields).map(([key]) => key);

/** Settings that decide retention and availability of each topic. */
export const topicConfigs: Collector<'topic-configs'> = {
  facet: 'topic-configs',
  every: '60s',
  timeout: '10s',
  doc: 'settings of topics that decide retention and availability',
  async collect(kafka, known, signal) {
    const topics = knownCluster(known).topics.map(({ topic }) => topic);
    const { value, brokers, failures } = await kafka.topicConfigs(topics, keys, signal);
    return {
      value: value.map(({ topic, values }) => ({ topic, config: topicConfig(values) })),
      brokers,
      failures: [...failures, ...missingTopicFailures(known.discovery)],
    };
  },
};

function topicConfig(values: ConfigValues): TopicConfig {
  const read = Object.entries(fields).flatMap(([field, [key, parse]]) => {
    const text = values[key];
    return text === undefined || text === null ? [] : [[field, parse(text)]];
  });
  return Object.fromEntries(read);
}

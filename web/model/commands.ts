/** Commands to paste. Names come from Kafka and are quoted: a topic or group may hold anything. */
import type { Finding } from './answers.ts';

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

type Found = readonly Pick<Finding, 'code' | 'topic'>[];

/** First checks on a group, the cheapest first; the first line names the brokers once for all of them. */
export function groupCommands(bootstrap: string, groupId: string, topic: string | null, found: Found): string[] {
  const group = shellWord(groupId);
  const commands = [
    `B=${shellWord(bootstrap)}`,
    `kafka-consumer-groups.sh --bootstrap-server $B \\\n  --describe --group ${group} --members --verbose`,
    `kafka-consumer-groups.sh --bootstrap-server $B \\\n  --describe --group ${group}`,
  ];
  if (topic !== null) {
    commands.push(
      `kafka-configs.sh --bootstrap-server $B --describe --all \\\n  --topic ${shellWord(topic)} | grep -E 'retention|segment'`,
    );
  }
  return [...commands, ...hangingCommands(found, 'blocked-by-transaction', topic)];
}

/** First checks on a topic: its replicas, its settings, and what its logs hold. */
export function topicCommands(bootstrap: string, topic: string, found: Found): string[] {
  const name = shellWord(topic);
  return [
    `B=${shellWord(bootstrap)}`,
    `kafka-topics.sh --bootstrap-server $B --describe --topic ${name}`,
    `kafka-configs.sh --bootstrap-server $B --describe --all --topic ${name}`,
    `kafka-get-offsets.sh --bootstrap-server $B --topic ${name}`,
    ...hangingCommands(found, 'open-transaction', topic),
  ];
}

/** First checks on a cluster's topics, partitions and brokers. */
export function clusterCommands(bootstrap: string, found: Found): string[] {
  const codes = new Set(found.map(({ code }) => code));
  const checks = Object.entries(checkOf).filter(([code]) => codes.has(code));
  return [
    `B=${shellWord(bootstrap)}`,
    ...new Set(checks.map(([, [tool, options]]) => `${tool} --bootstrap-server $B ${options}`)),
    ...hangingCommands(found, 'open-transaction', null),
    'kafka-metadata-quorum.sh --bootstrap-server $B describe --status',
  ];
}

const checkOf: Readonly<Record<string, readonly [tool: string, options: string]>> = {
  'offline-partition': ['kafka-topics.sh', '--describe --unavailable-partitions'],
  'under-min-isr': ['kafka-topics.sh', '--describe --under-min-isr-partitions'],
  'at-min-isr': ['kafka-topics.sh', '--describe --at-min-isr-partitions'],
  'under-replicated': ['kafka-topics.sh', '--describe --under-replicated-partitions'],
  'disk-filling': ['kafka-log-dirs.sh', '--describe'],
  'log-dir-offline': ['kafka-log-dirs.sh', '--describe'],
};

/** KIP-664: names the producers of transactions that no longer end by themselves, topic by topic. */
function hangingCommands(found: Found, code: string, shownTopic: string | null): string[] {
  const topics = new Set(found.filter((one) => one.code === code).map(({ topic }) => topic ?? shownTopic));
  return [...topics]
    .filter((topic) => topic !== null)
    .slice(0, hangingTopicsMax)
    .map((topic) => `kafka-transactions.sh --bootstrap-server $B find-hanging \\\n  --topic ${shellWord(topic)}`);
}

const hangingTopicsMax = 5;

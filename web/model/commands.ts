/** Commands to paste. Names come from Kafka and are quoted: a topic or group may hold anything. */
import type { Finding } from './answers.ts';

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** First checks on a group, the cheapest first; the first line names the brokers once for all of them. */
export function groupCommands(bootstrap: string, groupId: string, topic: string | null): string[] {
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
  return commands;
}

/** First checks on a cluster's partitions. */
export function clusterCommands(bootstrap: string, findings: readonly Pick<Finding, 'code'>[]): string[] {
  const found = new Set(findings.map((finding) => finding.code));
  const listings = Object.entries(listingOf).filter(([code]) => found.has(code));
  return [
    `B=${shellWord(bootstrap)}`,
    ...listings.map(([, option]) => `kafka-topics.sh --bootstrap-server $B --describe ${option}`),
    'kafka-metadata-quorum.sh --bootstrap-server $B describe --status',
  ];
}

const listingOf: Readonly<Record<string, string>> = {
  'offline-partition': '--unavailable-partitions',
  'under-min-isr': '--under-min-isr-partitions',
  'under-replicated': '--under-replicated-partitions',
};

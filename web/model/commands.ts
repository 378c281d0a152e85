/** Commands to paste. Names come from Kafka and are quoted: a topic or group may hold anything. */
import type { Finding } from './answers.ts';

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** First checks on a group, the cheapest first. */
export function groupCommands(bootstrap: string, groupId: string, topic: string | null): string[] {
  const server = shellWord(bootstrap);
  const group = shellWord(groupId);
  const commands = [
    `kafka-consumer-groups.sh --bootstrap-server ${server} \\\n  --describe --group ${group} --members --verbose`,
    `kafka-consumer-groups.sh --bootstrap-server ${server} \\\n  --describe --group ${group}`,
  ];
  if (topic !== null) {
    commands.push(
      `kafka-configs.sh --bootstrap-server ${server} \\\n  --describe --all --topic ${shellWord(topic)} | grep -E 'retention|segment|cleanup'`,
    );
  }
  return commands;
}

/** First checks on a cluster's partitions. */
export function clusterCommands(bootstrap: string, findings: readonly Pick<Finding, 'code'>[]): string[] {
  const server = shellWord(bootstrap);
  const has = (code: string) => findings.some((finding) => finding.code === code);
  const commands = [];
  if (has('offline-partition'))
    commands.push(`kafka-topics.sh --bootstrap-server ${server} --describe --unavailable-partitions`);
  if (has('under-min-isr'))
    commands.push(`kafka-topics.sh --bootstrap-server ${server} --describe --under-min-isr-partitions`);
  if (has('under-replicated'))
    commands.push(`kafka-topics.sh --bootstrap-server ${server} --describe --under-replicated-partitions`);
  commands.push(`kafka-metadata-quorum.sh --bootstrap-server ${server} describe --status`);
  return commands;
}

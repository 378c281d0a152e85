/** One topic in words: how available it is, what it keeps, how it is written, and who reads it. */
import type { Finding, TopicAnswer, TopicPartition, TopicReader, TopicReport } from './answers.ts';
import type { Clock } from './cards.ts';
import { codeWords, severityTone } from './codes.ts';
import { retentionWords } from './evidence.ts';
import { worstOf } from './finding-words.ts';
import { isActionable, type Sentence } from './glance.ts';
import { isLint } from './lints.ts';
import { losesSoon, type Tone } from './outlook.ts';
import { whyUnknown } from './unknown.ts';
import { bytesWords, countWords, grouped, plural, rateWords } from './words.ts';

/** Of the topic or its partitions themselves; what a group has with it stands by the group. */
export function isAboutTopic(finding: Finding, { cluster, topic }: Pick<TopicReport, 'cluster' | 'topic'>): boolean {
  return finding.cluster === cluster && finding.topic === topic && finding.groupId === undefined;
}

/** The worst that can be said of its replicas. */
export function availability(topic: TopicReport): { tone: Tone; text: string } {
  if (topic.offline > 0) return { tone: 'bad', text: `${topic.offline} offline` };
  if (topic.underMinIsr > 0) return { tone: 'bad', text: `${topic.underMinIsr} under min ISR` };
  if (topic.underReplicated > 0) return { tone: 'warn', text: `${topic.underReplicated} under-replicated` };
  return { tone: 'good', text: 'all in sync' };
}

/** What is read after the topic's name: what is wrong with it, else who loses what stands in it, else that its replicas are well. */
export function topicHeadline(topic: TopicAnswer, findings: readonly Finding[]): Sentence {
  const beneath = identityWords(topic);
  const wrong = wrongOf(topic, findings);
  const losing = topic.readers.filter((reader) => losesSoon(reader)).length;
  const readers =
    losing === 1 ? '1 group that reads it loses data' : `${grouped(losing)} groups that read it lose data`;
  if (wrong !== null) return { ...wrong, rest: losing === 0 ? '.' : `; ${readers}.`, beneath };
  if (losing > 0) return { lead: `: ${readers}`, rest: '; every replica is in sync.', tone: 'bad', beneath };
  return { lead: 'has every replica in sync', rest: '.', tone: 'good', beneath };
}

function wrongOf(topic: TopicAnswer, findings: readonly Finding[]): { lead: string; tone: Tone } | null {
  if (topic.offline > 0) return { lead: `has ${plural(topic.offline, 'partition')} offline`, tone: 'bad' };
  if (topic.underMinIsr > 0)
    return { lead: `has ${plural(topic.underMinIsr, 'partition')} under min ISR`, tone: 'bad' };
  const worst = worstOf(findings.filter((finding) => isActionable(finding) && !isLint(finding)));
  if (worst !== undefined) return { lead: codeWords(worst.code), tone: severityTone(worst.severity) };
  if (topic.underReplicated === 0) return null;
  return { lead: `has ${plural(topic.underReplicated, 'partition')} under-replicated`, tone: 'warn' };
}

function identityWords(topic: TopicAnswer): string {
  const { replicationFactor, minInSyncReplicas, cleanupPolicy } = topic;
  return [
    `topic on ${topic.cluster}`,
    plural(topic.partitions, 'partition'),
    replicationFactor === null ? 'replicas not read yet' : `${plural(replicationFactor, 'replica')} each`,
    minInSyncReplicas === null ? 'min.insync.replicas not read' : `min.insync.replicas ${minInSyncReplicas}`,
    cleanupPolicy === null ? 'cleanup.policy not read' : `cleanup.policy ${cleanupPolicy.join(', ')}`,
    topic.topicId === null ? null : `ID ${topic.topicId}`,
  ]
    .filter((word) => word !== null)
    .join(' · ');
}

/** How fast it is written, how large it is, and how long it keeps a record. */
export function topicFigures(topic: TopicAnswer): Clock[] {
  const { produceRate, sizeBytes, partitionList } = topic;
  const replicas = topic.replicationFactor ?? 1;
  return [
    {
      text: produceRate === null ? 'not known' : rateWords(produceRate),
      label: produceRate === null ? `written: ${whyUnknown(topic, 'produceRate') ?? 'not read'}` : 'written',
      title: 'Sum of the slopes of the end offsets over the window, of the partitions where it is known.',
      tone: produceRate === null ? 'unknown' : 'plain',
    },
    {
      text: sizeBytes === null ? 'not known' : bytesWords(sizeBytes),
      label:
        sizeBytes === null
          ? `size: ${whyUnknown(topic, 'sizeBytes') ?? 'not read'}`
          : `on the leaders, ${plural(partitionList.length, 'log')}`,
      title: `The logs of the leaders, as the log directories tell it. With ${plural(replicas, 'replica')} the disks hold about that many times as much.`,
      tone: sizeBytes === null ? 'unknown' : 'plain',
    },
    {
      text: keptWords(topic),
      label: isDeleted(topic)
        ? 'kept; older records are deleted, read or not'
        : 'kept: the newest record of each key stays',
      title:
        'retention.ms and retention.bytes as Kafka has them now; by size is for each partition. Whichever limit comes first deletes.',
      tone: topic.unknown.retentionMs === undefined ? 'plain' : 'unknown',
    },
  ];
}

function isDeleted({ cleanupPolicy }: TopicReport): boolean {
  return cleanupPolicy === null || cleanupPolicy.includes('delete');
}

/** `7 d by time, 10 GB by size`, or `compacted` where retention deletes nothing. */
export function keptWords(topic: TopicReport): string {
  if (!isDeleted(topic)) return 'compacted';
  return `${retentionWords(topic)}${topic.cleanupPolicy?.includes('compact') ? ', compacted' : ''}`;
}

export interface PartitionCells {
  tone: Tone;
  leader: string;
  inSync: string;
  outOfSync: string;
  /** Records between log start and end. */
  records: string;
  recordsTitle: string;
  size: string;
  written: string;
}

/** One partition: who leads it, which replicas follow, and what its log holds. */
export function partitionCells(partition: TopicPartition, minInSyncReplicas: number | null): PartitionCells {
  const { leader, replicas, inSyncReplicas, logStartOffset, highWatermark, sizeBytes, produceRate } = partition;
  const out = replicas.filter((id) => !inSyncReplicas.includes(id));
  const isUnder = minInSyncReplicas !== null && inSyncReplicas.length < minInSyncReplicas;
  const known = logStartOffset !== null && highWatermark !== null;
  return {
    tone: partition.offline || isUnder ? 'bad' : out.length > 0 ? 'warn' : 'good',
    leader: leader !== null ? `broker ${leader}` : partition.offline ? 'none: offline' : 'not read yet',
    inSync: inSyncReplicas.join(', ') || 'none',
    outOfSync: out.join(', ') || 'none',
    records: known ? countWords(highWatermark - logStartOffset) : 'not read',
    recordsTitle: known
      ? `log start ${grouped(logStartOffset)}, end ${grouped(highWatermark)}: offsets between them; markers and compacted records count too.`
      : 'The offsets of this partition could not be read, or nobody needs them: tidemark asks for those that a group reads.',
    size: sizeBytes === null ? 'not read' : bytesWords(sizeBytes),
    written: produceRate === null ? 'not known' : rateWords(produceRate),
  };
}

/** What is not as it should be first, then as Kafka numbers them. */
export function byTrouble(minInSyncReplicas: number | null) {
  const rank = { bad: 0, warn: 1, good: 2, unknown: 3, plain: 3 } as const;
  const rankOf = (partition: TopicPartition) => rank[partitionCells(partition, minInSyncReplicas).tone];
  return (a: TopicPartition, b: TopicPartition): number => rankOf(a) - rankOf(b) || a.partition - b.partition;
}

/** Those in most danger first: by outlook as the API has them, then by the soonest loss, then by who is furthest behind. */
export function byDanger(a: TopicReader, b: TopicReader): number {
  const soonest = (reader: TopicReader) => reader.timeToLossEarliestSeconds ?? Number.MAX_VALUE;
  if (a.outlook !== b.outlook) return 0;
  return soonest(a) - soonest(b) || (b.maxTimeLagSeconds ?? -1) - (a.maxTimeLagSeconds ?? -1);
}

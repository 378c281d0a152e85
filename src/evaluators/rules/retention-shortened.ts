import { Type } from 'typebox';
import type { TopicConfig } from '../../model/snapshot.ts';
import { limitsOf } from '../measures/limits.ts';
import type { TopicReader, TopicRow } from '../rows/topic-row.ts';
import { clear, defineRule, eventHysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

/** What deletes records; Infinity: no limit, NaN: unread. */
interface Retention {
  ms: number;
  bytes: number;
}

/** A group whose margin the change took. */
interface Victim {
  groupId: string;
  partition: number;
  timeLagSeconds: number | null;
  unreadRecords: number | null;
  usedBefore: number;
  usedNow: number;
}

/** Groups that evidence names, the worst partition of each. */
const victimsMax = 10;

export const retentionShortened = defineRule({
  code: 'retention-shortened',
  subject: 'topic',
  severity: 'info',
  thresholds: Type.Object({
    usedShare: Type.Number({
      default: 0.5,
      minimum: 0,
      maximum: 1,
      description:
        'share of the new retention that the oldest unread record has used up, before a loss that is only ahead counts: for one poll a group that keeps up may look too slow',
    }),
    ...eventHysteresis(),
  }),
  doc: {
    meaning:
      'The topic keeps its records for a shorter time, or fewer bytes of them, than before; a warning where a group that was in time is not any more.',
    source:
      'retention.ms, retention.bytes and cleanup.policy of the topic against the read before, and what each group had left unread at that moment.',
    advice:
      'Was it meant? Where groups are named, set the old value again at once: segments are deleted within log.retention.check.interval.ms and do not come back.',
  },
  suspect({ topics }, row) {
    const configBefore = topics.change[row]?.configBefore;
    return configBefore !== undefined && isShortened(...retentions(configBefore, topics.config[row] ?? {}));
  },
  judge(row, { usedShare }) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.config === null) return unknown('retention-unread');
    const configBefore = row.change?.configBefore;
    if (configBefore === undefined) return clear();
    const [before, now] = retentions(configBefore, row.config);
    if (!isShortened(before, now)) return clear();
    const victims = victimsOf(row, before, now, usedShare);
    return {
      is: 'raise',
      severity: victims.length > 0 ? 'warning' : 'info',
      evidence: {
        retentionMsBefore: finite(before.ms),
        retentionMs: finite(now.ms),
        retentionBytesBefore: finite(before.bytes),
        retentionBytes: finite(now.bytes),
        loserCount: victims.length,
        losers: victims.slice(0, victimsMax),
      },
    };
  },
  summary(evidence, { topic }) {
    const { retentionMsBefore, retentionMs, retentionBytesBefore, retentionBytes, losers, loserCount } = evidence;
    const ms = spokenMs(retentionMs);
    const bytes = spokenBytes(retentionBytes);
    const byTime = retentionMs === retentionMsBefore ? [] : [`${ms} instead of ${spokenMs(retentionMsBefore)}`];
    const bySize =
      retentionBytes === retentionBytesBefore ? [] : [`${bytes} instead of ${spokenBytes(retentionBytesBefore)}`];
    const more = loserCount > 1 ? ` and ${countOf(loserCount - 1, 'other group')}` : '';
    const loss =
      losers[0] === undefined ? 'no group loses by it now' : `${losers[0].groupId}${more} will lose unread records`;
    return `${topic} keeps ${[...byTime, ...bySize].join(' and ')} of its records: ${loss}`;
  },
});

/** What deletes records before and now, judged alike: whether a topic is tiered decides what its size says. */
function retentions(before: TopicConfig, now: TopicConfig): [Retention, Retention] {
  const tiered = now.remoteStorageEnable === undefined ? {} : { remoteStorageEnable: now.remoteStorageEnable };
  const cleanupPolicy = before.cleanupPolicy ?? now.cleanupPolicy;
  return [retention({ ...before, ...tiered, ...(cleanupPolicy !== undefined && { cleanupPolicy }) }), retention(now)];
}

function retention(config: TopicConfig): Retention {
  const { retentionMs, retentionBytes } = limitsOf(config, {});
  return { ms: retentionMs, bytes: retentionBytes };
}

/** NaN, unread, compares as false: what was not read has not changed. */
function isShortened(before: Retention, now: Retention): boolean {
  return now.ms < before.ms || now.bytes < before.bytes;
}

/** The worst partition of each group that was within the old retention and is not, or will not be, within the new one. */
function victimsOf(row: TopicRow, before: Retention, now: Retention, leastUsed: number): Victim[] {
  const victims = new Map<string, Victim>();
  for (const reader of row.readers) {
    if (!counts(reader)) continue;
    const { groupId, partition, timeLagSeconds, unreadRecords } = reader;
    const usedBefore = usedShareOf(reader, before);
    const usedNow = usedShareOf(reader, now);
    const isNear = reader.outlook === 'loses-first' && usedNow >= leastUsed;
    const loses = usedNow >= 1 || reader.outlook === 'losing' || isNear;
    if (!loses || usedBefore >= 1 || usedNow <= usedBefore) continue;
    if (usedNow <= (victims.get(groupId)?.usedNow ?? 0)) continue;
    victims.set(groupId, { groupId, partition, timeLagSeconds, unreadRecords, usedBefore, usedNow });
  }
  return [...victims.values()].sort((a, b) => b.usedNow - a.usedNow);
}

/** Nobody loses where nobody reads: a group that left before tidemark came, or that no longer wants the topic. */
function counts({ ownership, everMoved }: TopicReader): boolean {
  if (ownership === 'orphaned') return everMoved;
  return ownership === 'owned' || ownership === 'manual' || ownership === 'unassigned';
}

/** Share of the retention that the oldest unread record has used up; 0 where nothing tells. */
function usedShareOf({ timeLagSeconds, unreadBytes }: TopicReader, { ms, bytes }: Retention): number {
  const byTime = ((timeLagSeconds ?? 0) * 1000) / ms;
  const bySize = (unreadBytes ?? 0) / bytes;
  return Math.max(byTime || 0, bySize || 0);
}

function finite(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null;
}

function spokenMs(ms: number | null): string {
  return ms === null ? 'all' : spokenSeconds(ms / 1000);
}

function spokenBytes(bytes: number | null): string {
  return bytes === null ? 'all' : `${countOf(bytes, 'byte')} a partition`;
}

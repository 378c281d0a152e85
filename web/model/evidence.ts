/** What a partition's verdict rests on: each number with its method beside it. */
import type { SeriesAnswer, TopicReport } from './answers.ts';
import { byWords, drainFigure, lossFigure } from './outlook.ts';
import { whyUnknown } from './unknown.ts';
import { bytesWords, durationWords, grouped, percentWords, plural, rateWords, spanWords } from './words.ts';

type Retention = Pick<TopicReport, 'retentionMs' | 'retentionBytes' | 'unknown'>;

export interface EvidenceLine {
  name: string;
  value: string;
  method: string;
}

const timeLagMethods: Readonly<Record<string, string>> = {
  interpolated: 'from when the end offset passed the committed offset',
  seeded: 'asked of the broker at start, by timestamp',
  'at-least': 'older than all that tidemark has seen',
  residue: 'only markers or compacted records stand unread',
};

const ownershipWords: Readonly<Record<string, string>> = {
  owned: 'a member has it',
  manual: 'somebody reads, no member is known to own it (assign, a streams group)',
  dropped: 'members exist, none subscribes to the topic',
  orphaned: 'had an owner, has none now',
  abandoned: 'without a consumer for long',
  unassigned: 'members subscribe, nobody owns it',
};

/** The lines of the evidence panel, in the order in which the judgement goes. */
export function evidenceOf(series: SeriesAnswer, topic: Retention | null): EvidenceLine[] {
  const orWhy = (field: string, value: number | null, words: (value: number) => string) =>
    value === null ? (whyUnknown(series, field) ?? 'none') : words(value);
  const commits = series.commitIntervalSeconds;
  return [
    { name: 'owner', value: series.ownership ?? 'not known', method: ownerMethod(series) },
    { name: 'written', value: orWhy('produceRate', series.produceRate, rateWords), method: 'slope of the end offset' },
    {
      name: 'read',
      value: orWhy('consumeRate', series.consumeRate, rateWords),
      method: commits === null ? 'between commits' : `between commits, every ${durationWords(commits)}`,
    },
    { name: 'trend', value: trendValue(series), method: 'lag just after each commit' },
    {
      name: 'unread',
      value: orWhy('lag', series.lag, (lag) => plural(lag, 'record')),
      method: 'end offset minus committed offset',
    },
    {
      name: 'behind',
      value: orWhy('timeLagSeconds', series.timeLagSeconds, durationWords),
      method: series.lag === 0 ? 'nothing is unread' : (timeLagMethods[series.timeLagMethod ?? ''] ?? ''),
    },
    {
      name: 'commit delay',
      value: orWhy('commitDelaySeconds', series.commitDelaySeconds, durationWords),
      method: 'age of the record at the committed offset when it was committed',
    },
    {
      name: 'retention',
      value: orWhy('retentionUsedRatio', series.retentionUsedRatio, (ratio) => `${percentWords(ratio)} used`),
      method: topic === null ? '' : retentionWords(topic),
    },
    { name: 'loss', value: lossValue(series), method: byWords(series.lossBy) },
    { name: 'drain', value: drainFigure(series).text, method: 'unread, by how much faster it reads than is written' },
  ];
}

function ownerMethod(series: SeriesAnswer): string {
  const meaning = ownershipWords[series.ownership ?? ''] ?? whyUnknown(series, 'ownership') ?? '';
  return series.clientId === null ? meaning : `${series.clientId} at ${series.clientHost ?? 'an unknown host'}`;
}

function trendValue(series: SeriesAnswer): string {
  if (series.lagTrend === null || series.lagTrend === 'insufficient-data')
    return whyUnknown(series, 'lagTrend') ?? 'too few commits yet';
  const slope = series.lagSlopePerSecond;
  if (slope === null || series.lagTrend === 'steady') return series.lagTrend;
  return `${series.lagTrend}, ${slope > 0 ? '+' : ''}${rateWords(slope)}`;
}

function lossValue(series: SeriesAnswer): string {
  const earliest = series.timeToLossEarliestSeconds;
  if (earliest === null || earliest < 1) return lossFigure(series).text;
  return spanWords(earliest, series.timeToLossLatestSeconds);
}

/** `7 d by time, 10 GB by size`. */
export function retentionWords(topic: Retention): string {
  const limits = [];
  if (topic.retentionMs !== null) limits.push(`${durationWords(topic.retentionMs / 1000)} by time`);
  if (topic.retentionBytes !== null) limits.push(`${bytesWords(topic.retentionBytes)} by size`);
  if (limits.length > 0) return limits.join(', ');
  return whyUnknown(topic, 'retentionMs') ?? 'no limit';
}

/** Parts of a log from its start to its end, as shares of the whole, for the offset bar; null where an offset is unknown. */
export interface OffsetShares {
  read: number;
  unread: number;
  /** The committed offset lies before the log start: unread records are gone. */
  lost: boolean;
  title: string;
}

export function offsetShares(series: SeriesAnswer): OffsetShares | null {
  const { logStartOffset: start, committedOffset: committed, endOffset: end } = series;
  if (start === null || committed === null || end === null) return null;
  const length = Math.max(1, end - start);
  const read = Math.min(1, Math.max(0, (committed - start) / length));
  const title = `log start ${grouped(start)}, read to ${grouped(committed)}, end ${grouped(end)}`;
  return { read, unread: end <= start ? 0 : 1 - read, lost: committed < start, title };
}

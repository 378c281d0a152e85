import { Type } from 'typebox';
import { delayNumbers, fallingBehindThresholds, standingOf } from '../judging/falling-behind.ts';
import type { SeriesRow } from '../rows/row-types.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenRate } from '../wording.ts';

export const hotPartition = defineRule({
  code: 'hot-partition',
  subject: 'series',
  severity: 'info',
  thresholds: Type.Object({
    ratio: Type.Number({
      default: 5,
      minimum: 1,
      description:
        'times the median of the partitions of its topic (the lower one of two) that produce rate and lag must be, each',
    }),
    produceRateMin: Type.Number({
      default: 1,
      minimum: 0,
      description: 'records/s at least: what is rare falls on one partition or another by chance',
    }),
    lagMin: Type.Integer({ default: 100, minimum: 1, description: 'lag at least, records: one batch is no heap' }),
    ...fallingBehindThresholds,
    ...hysteresis({
      raiseAfterPolls: 4,
      raiseAfter: '3m',
      clearAfterPolls: 8,
      because: 'the produce rate is that of a window: a burst of minutes hardly shows in it',
    }),
  }),
  doc: {
    meaning: 'One partition gets far more records than its siblings, and the group is far behind on it.',
    source:
      'Produce rate of the partition and lag of the group, against the medians of the topic; commit delay (time lag just after each commit).',
    advice:
      'Look for a hot key, or a producer that names the partition. More members do not help: a partition has one. Spread the key, or process within the partition in parallel. It is a warning while the group falls behind there and keeps up elsewhere.',
  },
  suspect({ series, partitions }, row, _monotonicMs, thresholds) {
    if (!(series.lag[row]! >= thresholds.lagMin)) return false;
    if (!(series.commitDelaySeconds[row]! * 1000 >= thresholds.delayMin)) return false;
    const partition = series.partitionRow[row]!;
    const rate = partitions.produceRate[partition]!;
    return rate >= thresholds.produceRateMin && rate >= thresholds.ratio * partitions.siblingProduceRate[partition]!;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    if (row.ownership === 'dropped') return clear('unsubscribed');
    if (row.ownership === 'abandoned') return clear();
    const { produceRate, lag } = row;
    const siblings = row.siblings();
    if (produceRate === null || siblings.produceRate === null) return unknown('produce-rate-unknown');
    if (lag === null || siblings.lag === null) return unknown('lag-unknown');
    const isHot = produceRate >= thresholds.produceRateMin && produceRate >= thresholds.ratio * siblings.produceRate;
    const hasHeap = lag >= thresholds.lagMin && lag >= thresholds.ratio * siblings.lag;
    if (siblings.partitions < 2 || !isHot || !hasHeap) return clear();
    if (row.commitDelaySeconds === null) return unknown('insufficient-data');
    // Between two commits as much more waits as comes, though all of it is read in time.
    if (row.commitDelaySeconds * 1000 < thresholds.delayMin) return clear();
    const makesGroupLag = standingOf(row, thresholds) === 'falls-behind' && !siblingsFallBehind(row, thresholds);
    return {
      is: 'raise',
      severity: makesGroupLag ? 'warning' : 'info',
      evidence: {
        ...delayNumbers(row),
        makesGroupLag,
        partitions: siblings.partitions,
        medianProduceRate: siblings.produceRate,
        medianLag: siblings.lag,
        memberId: row.member?.memberId ?? null,
        clientId: row.member?.clientId ?? null,
        clientHost: row.member?.clientHost ?? null,
      },
    };
  },
  summary({ produceRate, medianProduceRate, lag, medianLag, makesGroupLag }, { groupId, topic, partition }) {
    const hot = `${topic} p${partition} gets ${spokenRate(produceRate ?? 0)} where its siblings get ${spokenRate(medianProduceRate)}`;
    const heap = `${countOf(lag ?? 0, 'record')} of it are unread by ${groupId}, ${countOf(medianLag, 'record')} of a sibling`;
    return `${hot}; ${heap}${makesGroupLag ? ': it makes the group lag' : ''}`;
  },
});

type Thresholds = Parameters<typeof standingOf>[1];

/** Whether most of its siblings fall behind too: then the group is slow, and the hot partition only shows it first. */
function siblingsFallBehind({ group, topic, partition }: SeriesRow, thresholds: Thresholds): boolean {
  const siblings = group.delays.filter((one) => one.topic === topic && one.partition !== partition);
  const falling = siblings.filter((one) => standingOf(one, thresholds) === 'falls-behind');
  return falling.length * 2 > siblings.length;
}

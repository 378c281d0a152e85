import { Type } from 'typebox';
import { delayNumbers, fallingBehindThresholds, type Standing, standingOf } from '../judging/falling-behind.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { spokenRate, spokenSeconds } from '../wording.ts';

/** Partitions that the evidence names. */
const namedAtMost = 5;

export const lagging = defineRule({
  code: 'lagging',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    ...fallingBehindThresholds,
    ...hysteresis({
      raiseAfterPolls: 4,
      raiseAfter: '3m',
      clearAfterPolls: 8,
      because:
        'later than usual and not on its way back for so long; its growth must have lasted for two thirds of the window besides',
    }),
  }),
  doc: {
    meaning: 'The group reads more slowly than is written, and its time lag grows and grows.',
    source:
      'Commit delay (time lag just after each commit) of each partition: over the last 10 min, or 4 usual commit intervals where they are longer, the least of each third is above the least of the third before, and in the last third no more was read than came.',
    advice:
      'The evidence names the worst partitions. All of them: too few members, slow processing, or more load than usual. One: a hot key (hot-partition), or a slow member. Add members up to the number of partitions, or make processing faster.',
  },
  supersededBy: ['stalled', 'stopped'],
  suspect({ groups, series }, row, _monotonicMs, thresholds) {
    if (!(groups.commitDelaySeconds[row]! * 1000 >= thresholds.delayMin)) return false;
    return groups.seriesRows[row]!.some((one) => series.commitDelaySeconds[one]! * 1000 >= thresholds.delayMin);
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const standings = row.delays.map((one) => ({ row: one, standing: standingOf(one, thresholds) }));
    const is = (standing: Standing) => standings.some((one) => one.standing === standing);
    const falling = standings.filter(({ standing }) => standing === 'falls-behind').map((one) => one.row);
    if (falling.length > 0) {
      falling.sort((a, b) => (b.commitDelaySeconds ?? 0) - (a.commitDelaySeconds ?? 0));
      return {
        is: 'raise',
        evidence: {
          fallingPartitions: falling.length,
          partitions: row.delays.length,
          members: row.members,
          worst: delayNumbers(falling[0]!),
          others: falling.slice(1, namedAtMost).map(delayNumbers),
        },
      };
    }
    // A plateau ends it too, once it has become about what is usual.
    if (is('late') || is('rather-late')) return { is: 'building', clears: !is('late') };
    if (row.reading.staleCollector !== null) return unread(row.reading.staleCollector);
    if (is('unread')) return unknown('not-read-at-present');
    return is('unknown') ? unknown('insufficient-data') : clear();
  },
  summary({ fallingPartitions, partitions, worst }, { groupId }) {
    const { topic, partition, commitDelaySeconds, usualTimeLagSeconds, produceRate, consumeRate } = worst;
    const usual = usualTimeLagSeconds === null ? '' : ` (usually ${spokenSeconds(usualTimeLagSeconds)})`;
    const rates =
      produceRate === null || consumeRate === null
        ? ''
        : `: it reads ${spokenRate(consumeRate)} of ${spokenRate(produceRate)}`;
    return `${groupId} falls behind on ${fallingPartitions} of ${partitions} partitions, ${topic} p${partition} is ${spokenSeconds(commitDelaySeconds ?? 0)} late${usual} and ever later${rates}`;
  },
});

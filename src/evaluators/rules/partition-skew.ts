import { Type } from 'typebox';
import type { Tables } from '../../model/report.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';

export const partitionSkew = defineRule({
  code: 'partition-skew',
  subject: 'topic',
  severity: 'info',
  thresholds: Type.Object({
    ratio: Type.Number({
      default: 5,
      exclusiveMinimum: 1,
      description: 'times as much as at least half of the other partitions that the busiest one gets',
    }),
    recordsPerSecond: Type.Number({
      default: 1,
      exclusiveMinimum: 0,
      description: 'records a second of the busiest partition at least: a few records are always spread badly',
    }),
    ...hysteresis({ raiseAfter: '15m', because: 'one batch, or one busy key for some minutes, is no skew' }),
  }),
  doc: {
    meaning: 'One partition gets far more records than most others: its reader has to keep up with all of them alone.',
    source: 'Produce rates of all partitions of the topic over the window.',
    advice:
      'Look at the keys: few of them, one that most records share, or a default such as an empty string? A better key or a partitioner of your own spreads them; more partitions do not.',
  },
  suspect({ topics, partitions: { produceRate } }, row, _monotonicMs, { ratio, recordsPerSecond }) {
    const rows = topics.partitionRows[row]!;
    let busiest = 0;
    for (const one of rows) if (produceRate[one]! > busiest) busiest = produceRate[one]!;
    if (rows.length < 2 || busiest < recordsPerSecond) return false;
    return 2 * atMost(produceRate, rows, busiest / ratio) >= rows.length - 1;
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const rates = row.partitions.map(({ produceRate }) => produceRate).filter((rate) => rate !== null);
    if (rates.length < row.partitions.length) {
      return row.partitions.some(({ offsetsAreStale }) => offsetsAreStale)
        ? unread('end-offsets')
        : unknown('insufficient-data');
    }
    const [busiest = 0, ...others] = rates.toSorted((a, b) => b - a);
    const medianOfOthers = others[Math.floor(others.length / 2)];
    if (medianOfOthers === undefined || busiest < thresholds.recordsPerSecond) return clear();
    if (medianOfOthers > busiest / thresholds.ratio) return clear();
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    return {
      is: 'raise',
      evidence: {
        partition: row.partitions.find(({ produceRate }) => produceRate === busiest)!.partition,
        produceRate: busiest,
        medianOfOthers,
        share: busiest / total,
        partitions: row.partitions.length,
      },
    };
  },
  summary({ partition, share, produceRate, medianOfOthers, partitions }, { topic }) {
    const rates = `${rounded(produceRate)} records a second, the middle one of the others ${rounded(medianOfOthers)}`;
    return `p${partition} gets ${Math.round(100 * share)} % of what is written to the ${partitions} partitions of ${topic}: ${rates}`;
  },
});

/** How many of the rows have a rate of at most that; an unknown one has none. */
function atMost(produceRate: Tables['partitions']['produceRate'], rows: Int32Array, rate: number): number {
  let count = 0;
  for (const row of rows) if (produceRate[row]! <= rate) count++;
  return count;
}

function rounded(rate: number): number {
  return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
}

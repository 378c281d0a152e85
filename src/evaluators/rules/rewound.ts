import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import type { SeriesRow } from '../rows/row-types.ts';
import { clear, defineRule, eventHysteresis, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const rewound = defineRule({
  code: 'rewound',
  subject: 'series',
  severity: 'warning',
  thresholds: Type.Object({
    records: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'records at least for a warning: some clients commit the last offset now and the next one then',
    }),
    commitInterval: Duration('60s', 'time between two commits that is assumed while none is learned: a usual replay'),
    ...eventHysteresis(),
  }),
  doc: {
    meaning: 'The committed offset went back: the group reads again what it had read.',
    source:
      'Movements of the committed offset. A rebalance may replay what was read since the last commit: the longest commit interval times the rate at which it reads; up to that it is info.',
    advice:
      'A reset by a tool, on purpose? Then expect duplicates in what the group writes, and lag until it has caught up. Else look for a consumer that seeks, for two instances with the same group that do not share partitions, or for an old commit that came late.',
  },
  suspect: ({ series }, row) => series.rewoundNow[row]! > 0,
  judge(row, thresholds) {
    const { rewoundNow, committedOffset } = row;
    if (rewoundNow === 0 || committedOffset === null) {
      return row.staleCollector === null ? clear() : unread(row.staleCollector);
    }
    const intervalMs = row.longestIntervalMs ?? thresholds.commitInterval;
    const rate = readingRate(row);
    const usualReplayRecords = rate === null ? null : Math.ceil((rate * intervalMs) / 1000);
    const isUsual = usualReplayRecords === null || rewoundNow <= usualReplayRecords;
    return {
      is: 'raise',
      severity: isUsual || rewoundNow < thresholds.records ? 'info' : 'warning',
      evidence: {
        rewoundRecords: rewoundNow,
        committedOffset,
        fromOffset: committedOffset + rewoundNow,
        usualReplayRecords,
        longestIntervalSeconds: intervalMs / 1000,
        rate,
        endOffset: row.endOffset,
        members: row.group.members,
        ownership: row.ownership,
      },
    };
  },
  renew: (before, now) => ({ ...now, rewoundRecords: before.rewoundRecords + now.rewoundRecords }),
  summary({ rewoundRecords, committedOffset, usualReplayRecords }, { groupId, topic, partition }) {
    const usual = usualReplayRecords === null ? '' : ` (a usual replay: at most ${usualReplayRecords})`;
    return `${groupId} went back by ${countOf(rewoundRecords, 'record')} of ${topic} p${partition}, to offset ${committedOffset}${usual}: it reads them again`;
  },
});

/** How fast it reads; where it stands, how fast it was seen to. Who was never seen to read replays nothing; null: not known. */
function readingRate({ consumeRate, bestRate, produceRate }: SeriesRow): number | null {
  if (consumeRate !== null && consumeRate > 0) return consumeRate;
  return bestRate ?? consumeRate ?? produceRate;
}

import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import type { ClusterEvent } from '../../model/finding.ts';
import type { LagBefore } from '../rows/row-types.ts';
import { clear, defineRule, eventHysteresis, unknown } from '../rule.ts';
import { clockTime, countOf, spokenSeconds } from '../wording.ts';

/** Events that the evidence names. */
const namedAtMost = 5;

/** Kinds of events that make lag jump; a topic that was created or a finding elsewhere does not. */
const telling: ReadonlySet<ClusterEvent['kind']> = new Set([
  'member',
  'rebalance',
  'leader',
  'config',
  'broker',
  'topic',
]);

export const lagCliff = defineRule({
  code: 'lag-cliff',
  subject: 'group',
  severity: 'info',
  thresholds: Type.Object({
    factor: Type.Number({
      default: 5,
      minimum: 1,
      description: 'times the highest lag of late that the lag must reach',
    }),
    lagMin: Type.Integer({
      default: 100,
      minimum: 1,
      description: 'records that the highest lag of late is taken for where it was less: small numbers jump by nothing',
    }),
    burstFactor: Type.Number({
      default: 2,
      minimum: 1,
      description: 'times what is usually produced in that time that makes a burst',
    }),
    lookBack: Duration('2m', 'time before the jump in which what changed may have to do with it'),
    ...eventHysteresis(),
  }),
  doc: {
    meaning: 'The lag of the group jumped within a few polls.',
    source:
      'Lag over all partitions of the group, against the highest of late as of four polls ago (measures.jumpPolls); what changed then: members, rebalances, leaders, settings, brokers, records produced.',
    advice:
      'The evidence names the moment and what changed then: begin there. Whether it is dangerous, other findings say.',
  },
  suspect({ groups }, row, _monotonicMs, thresholds) {
    return groups.lag[row]! >= thresholds.factor * Math.max(groups.usualLag[row]!, thresholds.lagMin);
  },
  judge(row, thresholds) {
    const { lag, lagBefore: before } = row;
    // What has jumped has jumped: it ends after its time, and holds nothing for want of data.
    if (row.staleCollector !== null) return clear();
    if (lag === null || before === null) return unknown('not-watched-long-enough');
    if (lag < thresholds.factor * Math.max(before.usualLag, thresholds.lagMin)) return clear();
    const changes = row.recentEvents
      .filter(({ atMs, kind }) => atMs >= before.atMs - thresholds.lookBack && telling.has(kind))
      .slice(-namedAtMost)
      .map(({ atMs, kind, what, summary }) => ({ atMs, kind, what, summary }));
    return {
      is: 'raise',
      evidence: {
        fromLag: before.lag,
        toLag: lag,
        usualLag: before.usualLag,
        fromMs: before.atMs,
        toMs: before.nowMs,
        ...flowOf(before, lag, thresholds.burstFactor),
        changes,
      },
    };
  },
  // The polls after it still show the same jump.
  renew(before, now) {
    if (now.fromMs > before.toMs) return now;
    const { fromLag, usualLag, fromMs, producedRecords, readRecords, usuallyProducedRecords } = before;
    const earlier = { fromLag, usualLag, fromMs, producedRecords, readRecords, usuallyProducedRecords };
    const seen = new Set(before.changes.map(({ summary }) => summary));
    const changes = [...before.changes, ...now.changes.filter(({ summary }) => !seen.has(summary))];
    const nature = before.nature === 'reads-less' ? now.nature : before.nature;
    return { ...now, ...earlier, nature, changes: changes.slice(0, namedAtMost) };
  },
  summary({ fromLag, toLag, fromMs, toMs, nature, changes }, { groupId }) {
    const span = `within ${spokenSeconds((toMs - fromMs) / 1000)} of ${clockTime(fromMs)} UTC`;
    const jump = `Lag of ${groupId} jumped from ${countOf(fromLag, 'record')} to ${countOf(toLag, 'record')} ${span}`;
    const [first, ...others] = changes;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    const then = first === undefined ? '' : `; then: ${first.summary.replace(/\.$/, '')}${more}`;
    return `${jump}, ${said[nature]}${then}`;
  },
});

/** What moved: the end offsets, or the committed ones. */
type Nature = 'produce-burst' | 'went-back' | 'reads-less' | 'unknown';

const said: Record<Nature, string> = {
  'produce-burst': 'far more was produced than usual',
  'went-back': 'committed offsets went back',
  'reads-less': 'it read less than was produced',
  unknown: 'and its partitions changed',
};

function flowOf({ lag: lagBefore, producedRecords, usuallyProducedRecords }: LagBefore, lag: number, burst: number) {
  const readRecords = producedRecords === null ? null : producedRecords - (lag - lagBefore);
  const isBurst = producedRecords !== null && producedRecords >= burst * (usuallyProducedRecords ?? Infinity);
  return { producedRecords, usuallyProducedRecords, readRecords, nature: natureOf(readRecords, isBurst) };
}

function natureOf(readRecords: number | null, isBurst: boolean): Nature {
  if (readRecords === null) return 'unknown';
  if (readRecords < 0) return 'went-back';
  return isBurst ? 'produce-burst' : 'reads-less';
}

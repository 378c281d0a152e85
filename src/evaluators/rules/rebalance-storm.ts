import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { decisiveWords, diagnosisOf } from '../judging/diagnosis.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

export const rebalanceStorm = defineRule({
  code: 'rebalance-storm',
  subject: 'group',
  severity: 'warning',
  thresholds: Type.Object({
    rebalancingFor: Duration('2m', 'time of the trailing hour without consuming, deployments left out'),
    rebalances: Type.Integer({
      default: 7,
      minimum: 1,
      description: 'rebalances in the trailing hour, deployments left out: a member that flaps once makes two or three',
    }),
    ...hysteresis({ because: 'the trailing hour smooths already' }),
  }),
  doc: {
    meaning: 'The group spends its time on rebalances: members come and go, and nobody consumes meanwhile.',
    source: 'Generation of the members (exact), else changes of state, members and assignment (a lower bound).',
    advice:
      'Find who comes and goes: a crash loop, max.poll.interval.ms or session.timeout.ms too short; then static membership or the cooperative assignor.',
  },
  suspect({ groups }, row, _monotonicMs, thresholds) {
    return (
      groups.rebalancesLastHour[row]! >= thresholds.rebalances ||
      groups.rebalancingSecondsLastHour[row]! * 1000 >= thresholds.rebalancingFor
    );
  },
  judge(row, thresholds) {
    if (row.staleCollector === 'group-membership') return unread(row.staleCollector);
    if (row.type !== 'classic' && row.type !== 'unknown') return clear();
    if (row.rebalanceSource === null) return unknown('membership-unread');
    const rebalances = row.rebalances - row.explainedRebalances;
    const rebalancingSeconds = row.rebalancingSeconds - row.explainedRebalancingSeconds;
    const storms = rebalances >= thresholds.rebalances || rebalancingSeconds * 1000 >= thresholds.rebalancingFor;
    // Right after a start the trailing hour is not an hour yet: what it does not hold is no evidence.
    if (!storms) return row.countedWhole ? clear() : unknown('not-watched-long-enough');
    return {
      is: 'raise',
      evidence: {
        rebalances,
        rebalancingSeconds,
        explainedRebalances: row.explainedRebalances,
        windowSeconds: row.rebalanceWindowMs / 1000,
        source: row.rebalanceSource,
        state: row.state,
        diagnosis: diagnosisOf(row),
      },
    };
  },
  summary({ rebalances, rebalancingSeconds, windowSeconds, source, diagnosis }, { groupId }) {
    const atLeast = source === 'observed' ? 'at least ' : '';
    const lost = `${spokenSeconds(rebalancingSeconds)} without consuming`;
    return `${groupId} rebalanced ${atLeast}${countOf(rebalances, 'time')} within ${spokenSeconds(windowSeconds)}, ${lost}${decisiveWords(diagnosis)}`;
  },
});

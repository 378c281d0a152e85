import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { addMemberChanges, firstMembers, type MemberChanges } from '../member-changes.ts';
import type { GroupRow } from '../rows.ts';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

/** Assignors that stop all members at each rebalance (before KIP-429). */
const eager = new Set(['range', 'roundrobin', 'sticky']);

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
      evidence: { rebalances, rebalancingSeconds, source: row.rebalanceSource, ...membersOf(row) },
    };
  },
  renew: (before, now) => ({ ...now, changes: addMemberChanges(before.changes, now.changes) }),
  summary({ rebalances, rebalancingSeconds, windowSeconds, source, changes }, { groupId }) {
    const atLeast = source === 'observed' ? 'at least ' : '';
    const lost = `${spokenSeconds(rebalancingSeconds)} without consuming`;
    return `${groupId} rebalanced ${atLeast}${countOf(rebalances, 'time')} within ${spokenSeconds(windowSeconds)}, ${lost}${said(changes)}`;
  },
});

function membersOf({ members, memberList, assignor, state, explainedRebalances, rebalanceWindowMs }: GroupRow) {
  return {
    members,
    hosts: new Set(memberList.map(({ clientHost }) => clientHost)).size,
    staticMembers: memberList.filter(({ groupInstanceId }) => groupInstanceId !== null).length,
    assignor,
    eagerAssignor: assignor === null ? null : eager.has(assignor),
    state,
    explainedRebalances,
    windowSeconds: rebalanceWindowMs / 1000,
    changes: firstMembers(memberList),
  };
}

function said({ rejoinedFromSameHost, joinedFromNewHosts }: MemberChanges): string {
  if (rejoinedFromSameHost + joinedFromNewHosts === 0) return '';
  return rejoinedFromSameHost >= joinedFromNewHosts
    ? ': members come back from the same hosts (timeouts, or a process that restarts)'
    : ': members are replaced by new hosts (a crash loop of instances, or deployments)';
}

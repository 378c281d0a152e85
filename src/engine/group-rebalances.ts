import { type CountedBy, type GroupResults, type MeasureSettings, Rebalances } from '../evaluators/measures/index.ts';
import { MemberTurnover } from '../evaluators/rows/member-changes.ts';
import type { ClusterHistory } from '../history/cluster-history.ts';
import { rebalanceSources } from '../model/report.ts';
import type { GroupMember } from '../model/snapshot.ts';
import type { Intake, MembershipChange } from './ingest/index.ts';

/** What is remembered of one group. */
class GroupPast {
  readonly rebalances = new Rebalances();
  readonly turnover = new MemberTurnover();
}

/** The rebalances of all groups, and how their members come and go: counters that live in the history, and what the trailing window holds. */
export class GroupRebalances {
  readonly #byGroup = new Map<string, GroupPast>();

  ingest(intake: Intake, changes: readonly MembershipChange[], settings: MeasureSettings): void {
    const { numbers, codes } = intake.history.groupColumns;
    for (const groupId of intake.gone.groups) this.#byGroup.delete(groupId);
    for (const change of changes) {
      const { groupId } = change.now;
      const past = this.#byGroup.get(groupId) ?? new GroupPast();
      this.#byGroup.set(groupId, past);
      past.turnover.step(membersTold(change), change.atMs, change.atMs - settings.rebalanceWindow);
      const { count, seconds, by } = past.rebalances.step(change, settings, intake.intervalMs);
      numbers.rebalances[change.groupRow]! += count;
      numbers.rebalancingSeconds[change.groupRow]! += seconds;
      codes.rebalanceSource[change.groupRow] = codeOf(by);
      if (count > 0) {
        const times = count === 1 ? '' : ` ${count} times`;
        intake.tell('rebalance', 'rebalanced', { groupId }, `Group ${groupId} rebalanced${times}.`);
      }
    }
  }

  /** Writes what the trailing window of each group holds. */
  publish({ groups, groupTable }: ClusterHistory, out: GroupResults): void {
    for (let row = 0; row < groupTable.rows.count; row++) {
      if (groupTable.rows.alive[row] === 0) continue;
      const past = this.#byGroup.get(groups[row]!.groupId);
      const counts = past?.rebalances.counts();
      const changes = past?.turnover.counts();
      out.numbers.membersLeftLastHour[row] = changes?.left ?? Number.NaN;
      out.numbers.membersRejoinedLastHour[row] = changes?.rejoinedFromSameHost ?? Number.NaN;
      out.numbers.membersFromNewHostsLastHour[row] = changes?.joinedFromNewHosts ?? Number.NaN;
      out.numbers.rebalancesLastHour[row] = counts?.rebalances ?? Number.NaN;
      out.numbers.rebalancingSecondsLastHour[row] = counts?.seconds ?? Number.NaN;
      out.numbers.explainedRebalancesLastHour[row] = counts?.explainedRebalances ?? Number.NaN;
      out.numbers.explainedRebalancingSecondsLastHour[row] = counts?.explainedSeconds ?? Number.NaN;
    }
  }
}

/** An Empty group is not asked for its members: it has none. */
function membersTold({ now }: MembershipChange): readonly GroupMember[] | null {
  return now.members ?? (now.state === 'Empty' || now.state === 'Dead' ? [] : null);
}

function codeOf(by: CountedBy): number {
  return rebalanceSources.indexOf(by);
}

import { type CountedBy, type GroupResults, type MeasureSettings, Rebalances } from '../evaluators/measures/index.ts';
import type { ClusterHistory } from '../history/cluster-history.ts';
import { rebalanceSources } from '../model/report.ts';
import type { Intake, MembershipChange } from './ingest/index.ts';

/** The rebalances of all groups: counters that live in the history, and what the trailing window holds. */
export class GroupRebalances {
  readonly #byGroup = new Map<string, Rebalances>();

  ingest(intake: Intake, changes: readonly MembershipChange[], settings: MeasureSettings): void {
    const { numbers, codes } = intake.history.groupColumns;
    for (const groupId of intake.gone.groups) this.#byGroup.delete(groupId);
    for (const change of changes) {
      const { groupId } = change.now;
      const rebalances = this.#byGroup.get(groupId) ?? new Rebalances();
      this.#byGroup.set(groupId, rebalances);
      const { count, seconds, by } = rebalances.step(change, settings, intake.intervalMs);
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
      const counts = this.#byGroup.get(groups[row]!.groupId)?.counts();
      out.numbers.rebalancesLastHour[row] = counts?.rebalances ?? Number.NaN;
      out.numbers.rebalancingSecondsLastHour[row] = counts?.seconds ?? Number.NaN;
      out.numbers.explainedRebalancesLastHour[row] = counts?.explainedRebalances ?? Number.NaN;
      out.numbers.explainedRebalancingSecondsLastHour[row] = counts?.explainedSeconds ?? Number.NaN;
    }
  }
}

function codeOf(by: CountedBy): number {
  return rebalanceSources.indexOf(by);
}

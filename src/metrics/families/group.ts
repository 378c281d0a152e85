import { ages, outlooks } from '../../model/report.ts';
import { aliveRows } from '../../model/report-view.ts';
import { type RowFamily, thousandths, writeStates } from '../family.ts';
import { labelText } from '../labels.ts';

const gauge = { type: 'gauge', stability: 'stable', rows: 'group' } as const;

/** Kafka's words, of classic and KIP-848 groups. */
const groupStates = statesOf('state', [
  'Stable',
  'Empty',
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
  'Dead',
]);
const outlookStates = statesOf(
  'outlook',
  outlooks.filter((outlook) => outlook !== null),
);
const readYes = labelText({ read: 'yes' });
const readNo = labelText({ read: 'no' });

export const groupFamilies: readonly RowFamily[] = [
  {
    name: 'tidemark_groups',
    type: 'gauge',
    help: 'Groups that are known, by whether their offsets were read lately',
    stability: 'stable',
    rows: 'cluster',
    labels: ['read'],
    staleToo: true,
    sample: ({ report }, _row, write) => {
      let read = 0;
      let all = 0;
      for (const row of aliveRows(report.groups)) {
        all++;
        if (ages[report.groups.age[row]!] === 'current') read++;
      }
      write(read, readYes);
      write(all - read, readNo);
    },
  },
  {
    ...gauge,
    name: 'tidemark_group_info',
    help: 'What the group is: always 1',
    labels: ['type', 'assignor', 'coordinator'],
    staleToo: true,
    sample: ({ report: { groups } }, row, write) =>
      write(
        1,
        labelText({ type: groups.type[row], assignor: groups.assignor[row], coordinator: groups.coordinatorId[row] }),
      ),
  },
  {
    ...gauge,
    name: 'tidemark_group_owner_info',
    help: 'Who owns the group, where a policy says so: always 1',
    labels: ['team', 'tier'],
    staleToo: true,
    sample: ({ report }, row, write) => {
      const { team, tier } = report.groups.policy[row]!;
      if (team !== undefined || tier !== undefined) write(1, labelText({ team, tier }));
    },
  },
  {
    ...gauge,
    name: 'tidemark_group_state',
    help: 'State of the group as Kafka names it: 1 for the one that holds, 0 for the others',
    labels: ['state'],
    sample: ({ report }, row, write) => writeStates(groupStates, report.groups.state[row]!, write),
  },
  {
    ...gauge,
    name: 'tidemark_group_outlook',
    help: 'Will the group lose data: the worst of its partitions, 1 for the outlook that holds, 0 for the others',
    labels: ['outlook'],
    sample: ({ report }, row, write) =>
      writeStates(outlookStates, outlooks[report.groups.outlook[row]!] ?? null, write),
  },
  {
    ...gauge,
    name: 'tidemark_group_members',
    help: 'Members of the group',
    sample: ({ report }, row, write) => write(report.groups.members[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_idle_members',
    help: 'Members to which no partition is assigned',
    sample: ({ report }, row, write) => write(report.groups.idleMembers[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_rebalances_total',
    type: 'counter',
    help: 'Rebalances of the group; a lower bound where Kafka shows no generation',
    sample: ({ report }, row, write) => write(report.groups.rebalances[row]),
  },
  {
    ...gauge,
    name: 'tidemark_group_rebalancing_seconds_total',
    type: 'counter',
    help: 'Time that the group spent in states that do not consume',
    sample: ({ report }, row, write) => write(thousandths(report.groups.rebalancingSeconds[row]!)),
  },
  {
    ...gauge,
    name: 'tidemark_group_slo_lag_seconds',
    help: 'Time lag that the owner of the group promises, where a policy says so',
    staleToo: true,
    sample: ({ report }, row, write) => write(report.groups.policy[row]!.sloLagSeconds),
  },
  {
    ...gauge,
    name: 'tidemark_group_last_read_timestamp_seconds',
    help: 'When the committed offsets of the group were read last, Unix time',
    staleToo: true,
    sample: ({ report }, row, write) => write(thousandths(report.groups.commitsReadAtMs[row]! / 1000)),
  },
];

function statesOf(label: string, words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(words.map((word) => [word, labelText({ [label]: word })]));
}

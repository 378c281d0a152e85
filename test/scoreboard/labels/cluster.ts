import type { Facet } from '../../../src/model/snapshot.ts';
import { hourMs, minuteMs } from '../plan.ts';
import { cadenceMs } from '../poller.ts';
import type { SimulatedCluster, Voter } from '../simulated-cluster.ts';
import type { Holds, Label, Moment } from './label.ts';
import { lasting } from './lasting.ts';

/** Numbers of judgement.md's table. */
const quorumLimits = { leaderChanges: 3, overMs: hourMs, lag: 1000, silentForMs: 5 * minuteMs };
/** docs/findings.md: for so long a lag has not shrunk. */
const fallingForMs = 3 * minuteMs;
const failingRuns = 3;
const holdMs = hourMs;
/** Rows count as current for so long, or for so many intervals of their collector. */
const current = { ms: minuteMs, intervals: 3 };
/** What has been so for less may not have become a finding. */
const raisedAfterMs = 3 * minuteMs;
/** Collectors of which the cases let some fail. */
const collectors: readonly Facet[] = [
  ...(['log-start-offsets', 'committed-offsets', 'end-offsets', 'group-membership'] as const),
  ...(['topic-configs', 'log-dirs', 'quorum'] as const),
];
/** What a silent broker keeps from being read: of what it leads and stores, and of the groups that it coordinates. */
const readFromEachBroker: ReadonlySet<Facet> = new Set(['end-offsets', 'log-start-offsets', 'log-dirs']);
const readFromCoordinators: ReadonlySet<Facet> = new Set(['group-membership', 'committed-offsets']);

const clusterUnreachable: Label = {
  code: 'cluster-unreachable',
  severity: 'critical',
  begin: () => (moment, holds) => {
    if (!moment.cluster.reachable) holds({}, true);
  },
};

const quorumUnhealthy: Label = {
  code: 'quorum-unhealthy',
  severity: 'warning',
  begin() {
    const fallsBehind = fallingVoters();
    const changesAtMs: number[] = [];
    let epoch: number | null = null;
    return ({ cluster: { quorum }, nowMs }, holds) => {
      if (epoch !== null && quorum.leaderEpoch !== epoch) changesAtMs.push(nowMs);
      epoch = quorum.leaderEpoch;
      const changes = changesAtMs.filter((atMs) => nowMs - atMs < quorumLimits.overMs).length;
      const followers = quorum.voters.filter(({ brokerId }) => brokerId !== quorum.leaderId);
      const isSilent = ({ silentSinceMs }: Voter) => nowMs - (silentSinceMs ?? nowMs) >= quorumLimits.silentForMs;
      // Each is asked at every poll, for it remembers.
      const isBehind = followers.map((voter) => fallsBehind(voter, nowMs)).includes(true);
      if (changes > quorumLimits.leaderChanges || isBehind || followers.some(isSilent)) holds({});
    };
  },
};

/** Whether a voter lacks too many records, and for too long no fewer. */
function fallingVoters(): (voter: Voter, nowMs: number) => boolean {
  const lasts = lasting<Voter>();
  const lags = new Map<Voter, number>();
  return (voter, nowMs) => {
    const isFalling = voter.lag > 0 && voter.lag >= (lags.get(voter) ?? 0);
    lags.set(voter, voter.lag);
    return lasts(voter, isFalling, nowMs) >= fallingForMs && voter.lag > quorumLimits.lag;
  };
}

const collectorFailing: Label = {
  code: 'collector-failing',
  severity: 'warning',
  begin() {
    const lasts = lasting<Facet>();
    return ({ cluster, nowMs, intervalMs }, holds) => {
      for (const collector of collectors) {
        const isFailing = cluster.reachable && fails(cluster, collector);
        const forMs = lasts(collector, isFailing, nowMs);
        const runsForMs = (failingRuns - 1) * intervalMs + cadenceMs(collector) * failingRuns;
        if (isFailing && forMs >= runsForMs) holds({ collector });
      }
    };
  },
};

function fails({ failing, frozen, groups }: SimulatedCluster, collector: Facet): boolean {
  if (failing.has(collector) || (frozen.size > 0 && readFromEachBroker.has(collector))) return true;
  return readFromCoordinators.has(collector) && groups.some(({ coordinatorId }) => frozen.has(coordinatorId));
}

/** Something that a finding was about, until it could be read no more. */
interface Trouble {
  collector: Facet;
  isSo: (cluster: SimulatedCluster) => boolean;
}

const troubles: readonly Trouble[] = [
  {
    collector: 'cluster',
    isSo: ({ partitions }) =>
      partitions.some(({ topic, inSyncReplicas }) => inSyncReplicas.length < (topic.config.minInSyncReplicas ?? 1)),
  },
  {
    collector: 'log-dirs',
    isSo: ({ disks }) => disks.some(({ error }) => error !== null),
  },
];

const dataMissing: Label = {
  code: 'data-missing',
  severity: 'warning',
  begin() {
    const looks = troubles.map(heldTooLong);
    return (moment, holds) => {
      for (const look of looks) look(moment, holds);
    };
  },
};

function heldTooLong({ collector, isSo }: Trouble): (moment: Moment, holds: Holds) => void {
  const lastsKnown = lasting<'known'>();
  const lastsUnread = lasting<'unread'>();
  const currentMs = Math.max(current.ms, current.intervals * cadenceMs(collector));
  let wasRaised = false;
  return ({ cluster, nowMs }, holds) => {
    const isKnown = cluster.reachable && !cluster.failing.has(collector);
    const knownForMs = lastsKnown('known', isSo(cluster), nowMs);
    if (isKnown) wasRaised = knownForMs >= raisedAfterMs;
    const unreadForMs = lastsUnread('unread', !isKnown, nowMs);
    if (wasRaised && unreadForMs > holdMs + currentMs) holds({});
  };
}

const permissionMissing: Label = {
  code: 'permission-missing',
  severity: 'info',
  begin() {
    const lasts = lasting<'missing'>();
    let isFirst = true;
    let fromTheStart = false;
    return ({ cluster: { allowed }, nowMs }, holds) => {
      const isMissing = [allowed.cluster, allowed.topics].some(
        (operations) => !operations.includes('describe') || !operations.includes('describeConfigs'),
      );
      if (isFirst) fromTheStart = isMissing;
      isFirst = false;
      const forMs = lasts('missing', isMissing, nowMs);
      // What becomes so on the way is read within one interval of the collector.
      if (isMissing && (fromTheStart || forMs >= cadenceMs('permissions'))) holds({});
    };
  },
};

export const clusterLabels: readonly Label[] = [
  ...[clusterUnreachable, quorumUnhealthy, collectorFailing],
  ...[dataMissing, permissionMissing],
];

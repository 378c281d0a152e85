import { leaderNowMs } from '../model/quorum-clock.ts';
import type {
  BrokerConfig,
  ClusterState,
  CollectorRun,
  Facet,
  Failure,
  GroupMembership,
  LogDir,
  LogDirs,
  Permissions,
  Quorum,
  Read,
  Snapshot,
  TopicState,
} from '../model/snapshot.ts';

/** What is kept as changes under each kind, by name; where there is one of a kind, its name is empty. */
export interface StateKinds {
  brokers: Pick<ClusterState, 'clusterId' | 'brokers'>;
  /** By name. */
  topic: TopicState;
  /** By ID. */
  group: GroupMembership;
  'broker-configs': BrokerConfig;
  permissions: Permissions;
  quorum: StoredQuorum;
  /** Of a log dir all but what moves with each read. */
  'log-dirs': readonly Omit<LogDir, 'usableBytes'>[];
  /** Of those log dirs, in their order. */
  'usable-bytes': readonly LogDir['usableBytes'][];
  /** How each collector fared when it last ran, by facet. */
  collector: Pick<CollectorRun, 'outcome' | 'everyMs'> & { failures: readonly Failure[] };
}
export type StateKind = keyof StateKinds;

export const stateKinds: readonly StateKind[] = [
  ...(['brokers', 'topic', 'group', 'broker-configs', 'permissions'] as const),
  ...(['quorum', 'log-dirs', 'usable-bytes', 'collector'] as const),
];

/** The name of what there is but one of. */
export const theOne = '';

/**
 * Voters as [ID, lag, ms without a fetch by the leader's clock]. It is read in every cycle, and times that moved with each read would
 * make a row of each; null as in the quorum itself. `lastCaughtUpMs` is left out: no rule reads it.
 */
export type StoredQuorum = readonly [
  leaderId: number | null,
  leaderEpoch: number | null,
  voters: readonly (readonly [brokerId: number, lag: number | null, silentMs: number | null])[],
];

/** Kafka's own bound (controller.quorum.fetch.timeout.ms): a voter that fetched within it follows, however long ago it was. */
const followsWithinMs = 2_000;

export function storedQuorum(read: Read<Quorum>): StoredQuorum {
  const { leaderId, leaderEpoch, voters } = read.value;
  const nowMs = leaderNowMs(read);
  return [
    leaderId,
    leaderEpoch,
    voters.map(({ brokerId, lag, lastFetchMs }) => {
      const silentMs = lastFetchMs === null ? null : nowMs - lastFetchMs;
      return [brokerId, lag, silentMs !== null && silentMs <= followsWithinMs ? 0 : silentMs];
    }),
  ];
}

/** The quorum as if the leader's clock were ours. */
export function quorumOf([leaderId, leaderEpoch, voters]: StoredQuorum, observedAtMs: number): Quorum {
  return {
    leaderId,
    leaderEpoch,
    voters: voters.map(([brokerId, lag, silentMs]) => {
      const lastFetchMs = silentMs === null ? null : observedAtMs - silentMs;
      return { brokerId, lag, lastFetchMs, lastCaughtUpMs: null };
    }),
  };
}

export function storedLogDirs({ logDirs }: LogDirs): Pick<StateKinds, 'log-dirs' | 'usable-bytes'> {
  return {
    'log-dirs': logDirs.map(({ usableBytes: _, ...dir }) => dir),
    'usable-bytes': logDirs.map(({ usableBytes }) => usableBytes),
  };
}

export function logDirsOf(dirs: StateKinds['log-dirs'], usableBytes: StateKinds['usable-bytes']): LogDir[] {
  return dirs.map((dir, index) => ({ ...dir, usableBytes: usableBytes[index] ?? null }));
}

/** How the collectors fared that ran in a cycle, by facet. */
export function storedCollectors({ runs = [], reads, failures }: Snapshot): Map<Facet, StateKinds['collector']> {
  return new Map(
    runs.map(({ collector, outcome, everyMs }) => {
      const whole = failures.filter((failure) => failure.collector === collector);
      const own = [...(reads[collector]?.failures ?? []), ...whole];
      return [collector, { outcome, everyMs, failures: own }];
    }),
  );
}

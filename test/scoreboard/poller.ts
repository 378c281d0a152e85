import type {
  Facet,
  FacetReads,
  Failure,
  GroupMember,
  Snapshot,
  TimeAnswer,
  TimeProbe,
} from '../../src/model/snapshot.ts';
import type { Random } from './random.ts';
import { type PartitionState, type SimulatedCluster, watchStartMs } from './simulated-cluster.ts';

const topicName = 'orders';

/** What goes wrong while tidemark reads. */
export interface PollPlan {
  intervalMs: number;
  /** A poll comes up to so much late. */
  jitterMs: number;
  /** Share of the polls that never happen. */
  missed: number;
  /** Share of the polls in which one broker does not answer. */
  partlyFailing: number;
}

/** Collectors that read less often than each poll, ms. */
const cadenceMs: Partial<Record<Facet, number>> = {
  'topic-configs': 60_000,
  'log-dirs': 60_000,
  'broker-configs': 600_000,
};

/** Reads a simulated cluster as the collectors do: in their order, while time goes on, with what fails left out and named. */
export class Poller {
  /** How far the monitor's wall clock is off. */
  clockOffsetMs = 0;
  #recorder = 'recorder-0';
  #recorderStartMs = watchStartMs;
  #recorders = 0;
  readonly #cluster: SimulatedCluster;
  readonly #random: Random;
  readonly #plan: PollPlan;
  readonly #lastReadMs = new Map<Facet, number>();
  #silentPolls = 0;
  #silentLogDirs = 0;

  constructor(cluster: SimulatedCluster, plan: PollPlan, random: Random) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#random = random;
  }

  /** A new process: its monotonic clock begins anew, and nothing has been read. */
  restart(): void {
    this.#recorder = `recorder-${++this.#recorders}`;
    this.#recorderStartMs = this.#cluster.nowMs;
    this.#lastReadMs.clear();
  }

  /** Polls now; time passes while it reads. */
  poll(probes: readonly TimeProbe[]): Snapshot {
    const cluster = this.#cluster;
    const atMs = this.#wallMs();
    const monotonicMs = cluster.nowMs - this.#recorderStartMs;
    const header = { cluster: 'simulated', atMs, recorder: this.#recorder, monotonicMs, completeness: 'full' as const };
    if (!cluster.reachable) return { ...header, reads: {}, failures: unreachable };
    const reads = this.#read(probes);
    return { ...header, reads, failures: [] };
  }

  #read(probes: readonly TimeProbe[]): FacetReads {
    const cluster = this.#cluster;
    const silent = this.#silentBroker();
    const pause = () => cluster.advanceTo(cluster.nowMs + this.#random.between(5, 150));
    const reads: Partial<Record<Facet, unknown>> = {};
    const put = <F extends Facet>(facet: F, value: unknown, failures: readonly Failure[] = []) => {
      reads[facet] = { value, observedAtMs: this.#wallMs(), failures };
    };
    put('cluster', this.#clusterState());
    pause();
    this.#whenDue('topic-configs', () =>
      put('topic-configs', [{ topic: topicName, config: { ...cluster.plan.topicConfig } }]),
    );
    this.#whenDue('broker-configs', () =>
      put('broker-configs', { retentionCheckIntervalMs: cluster.plan.checkIntervalMs }),
    );
    const answered = cluster.partitions.filter(({ leader }) => leader !== null && leader !== silent);
    const partitions = answered.map(({ partition }) => partition);
    const unled = cluster.partitions.filter(({ leader }) => leader === null).map(({ partition }) => partition);
    const failures = (collector: Facet): Failure[] => [
      ...(silent === null ? [] : [timeout(collector, silent)]),
      ...(unled.length === 0 ? [] : [noLeader(collector, unled)]),
    ];
    const offsets = (value: (state: PartitionState) => number) =>
      partitions.length === 0 ? [] : [{ topic: topicName, partitions, offsets: answered.map(value) }];
    this.#whenDue('log-dirs', () => {
      const sizes = [{ topic: topicName, partitions, sizeBytes: answered.map(({ log }) => log.sizeBytes) }];
      put('log-dirs', { logDirs: [], sizes }, failures('log-dirs'));
    });
    put(
      'log-start-offsets',
      offsets(({ log }) => log.logStart),
      failures('log-start-offsets'),
    );
    this.#readGroup(put, silent, pause);
    pause();
    const ends = answered.map(({ log }) => log.endOffset);
    const endOffsets = { topic: topicName, partitions, highWatermarks: ends, lastStableOffsets: ends };
    put('end-offsets', partitions.length === 0 ? [] : [endOffsets], failures('end-offsets'));
    pause();
    if (probes.length > 0) put('offsets-for-times', this.#answers(probes, silent), failures('offsets-for-times'));
    return reads as FacetReads;
  }

  #readGroup(
    put: (facet: Facet, value: unknown, failures?: readonly Failure[]) => void,
    silent: number | null,
    pause: () => void,
  ): void {
    const { group } = this.#cluster;
    const { groupId } = group;
    if (group.isDeleted) {
      put('group-membership', []);
      put('committed-offsets', []);
      return;
    }
    const isSilent = silent === coordinatorId;
    const memberFailures = isSilent ? [timeout('group-membership', silent)] : [];
    put('group-membership', isSilent ? [] : [this.#membership()], memberFailures);
    pause();
    const committed = group.readers.filter((reader) => !Number.isNaN(reader.movedAtMs) || reader.committed > 0);
    const topics = [
      {
        topic: topicName,
        partitions: committed.map(({ partition }) => partition),
        offsets: committed.map((reader) => reader.committed),
      },
    ];
    const commitFailures = isSilent ? [timeout('committed-offsets', silent)] : [];
    put(
      'committed-offsets',
      isSilent ? [] : [{ groupId, topics: committed.length === 0 ? [] : topics }],
      commitFailures,
    );
  }

  #isDue(facet: Facet): boolean {
    const last = this.#lastReadMs.get(facet) ?? Number.NEGATIVE_INFINITY;
    return this.#cluster.nowMs - last >= (cadenceMs[facet] ?? 0) - this.#plan.intervalMs / 2;
  }

  #whenDue(facet: Facet, read: () => void): void {
    if (!this.#isDue(facet)) return;
    this.#lastReadMs.set(facet, this.#cluster.nowMs);
    read();
  }

  #silentBroker(): number | null {
    const [frozen] = this.#cluster.frozen;
    if (frozen !== undefined) return frozen;
    // Whose runs fail three times in a row is a failing collector, and no longer quiet: log-dirs runs more seldom than the others.
    const readsLogDirs = this.#isDue('log-dirs');
    const mayBe = this.#silentPolls < 2 && !(readsLogDirs && this.#silentLogDirs === 2);
    const isSilent = mayBe && this.#random.chance(this.#plan.partlyFailing);
    this.#silentPolls = isSilent ? this.#silentPolls + 1 : 0;
    if (readsLogDirs) this.#silentLogDirs = isSilent ? this.#silentLogDirs + 1 : 0;
    return isSilent ? this.#random.integer(1, 3) : null;
  }

  #wallMs(): number {
    return this.#cluster.nowMs + this.clockOffsetMs;
  }

  #clusterState() {
    const { brokers, partitions } = this.#cluster;
    return {
      clusterId: 'simulated',
      brokers: [...brokers].map((brokerId) => ({ brokerId, host: `b${brokerId}`, port: 9092, rack: null })),
      topics: [
        {
          topic: topicName,
          topicId: 'orders-id',
          partitions: partitions.map(
            ({ partition, leader, leaderEpoch, replicas, inSyncReplicas, addingReplicas }) => ({
              ...{ partition, leader, leaderEpoch, replicas, inSyncReplicas, addingReplicas },
            }),
          ),
        },
      ],
    };
  }

  #membership() {
    const { groupId, type, state, members, epoch } = this.#cluster.group;
    const isTold = state === 'Stable' || type === 'consumer';
    return {
      ...{ groupId, type, protocolType: 'consumer', protocolName: 'range', state, coordinatorId },
      epoch: type === 'consumer' ? epoch : null,
      members:
        state === 'Empty' ? null : members.map((member, index) => (isTold ? this.#assigned(member, index) : member)),
    };
  }

  #assigned(member: GroupMember, index: number): GroupMember {
    const { partitions, group } = this.#cluster;
    const own = partitions
      .map(({ partition }) => partition)
      .filter((partition) => partition % group.members.length === index);
    if (!group.isSubscribed) return { ...member, subscribedTopics: [], assignment: [] };
    const assignment = own.length === 0 ? [] : [{ topic: topicName, partitions: own }];
    return { ...member, subscribedTopics: [topicName], assignment };
  }

  #answers(probes: readonly TimeProbe[], silent: number | null): TimeAnswer[] {
    return probes.flatMap(({ topic, partition, timestampMs }) => {
      const state = this.#cluster.partitions[partition];
      if (state === undefined || state.leader === null || state.leader === silent) return [];
      return [{ topic, partition, timestampMs, offset: state.log.offsetAt(timestampMs) }];
    });
  }
}

const coordinatorId = 1;

const unreachable: readonly Failure[] = (
  ['cluster', 'log-start-offsets', 'group-membership', 'committed-offsets', 'end-offsets'] as const
).map((collector) => ({ collector, code: 'upstream.unreachable', message: 'No broker answers.' }));

function timeout(collector: Facet, brokerId: number): Failure {
  return { collector, brokerId, code: 'upstream.timeout', message: `Broker ${brokerId} did not answer in time.` };
}

function noLeader(collector: Facet, partitions: readonly number[]): Failure {
  return { collector, topics: [{ topic: topicName, partitions }], code: 'upstream.no-leader' };
}

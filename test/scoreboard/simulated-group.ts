import type { GroupMember } from '../../src/model/snapshot.ts';
import type { Random } from './random.ts';
import type { ClusterPlan, PartitionState, Rate } from './simulated-cluster.ts';

export interface Reader {
  readonly partition: number;
  consume: Rate;
  position: number;
  committed: number;
  /** When `committed` moved last, and the gaps between its last movements (ms). */
  movedAtMs: number;
  gapsMs: number[];
  /** Records that retention took before they were read. */
  lost: number;
  /** What lies before it is deleted; the reader notices when it fetches next. */
  lostUpTo: number;
  /** When it last took some. */
  lostAtMs: number;
  /** Since when something readable waits before `committed`; NaN: nothing does. */
  unreadSinceMs: number;
}

interface Commit {
  partition: number;
  offset: number;
  endOffset: number;
  atMs: number;
}

/** Gaps that the usual one is taken from. */
const gapsKept = 60;

/** One consumer group: members that come and go, readers that advance and commit. */
export class SimulatedGroup {
  readonly groupId: string;
  readonly type: 'classic' | 'consumer';
  readonly readers: readonly Reader[];
  members: GroupMember[];
  state: string;
  epoch = 1;
  /** When it became Empty; NaN: it has members. */
  emptySinceMs = Number.NaN;
  /** Reads nothing and commits nothing, though nothing says so. */
  standing = false;
  /** Its members no longer want the topic. */
  isSubscribed = true;
  isDeleted = false;
  /** Reads on and never commits. */
  withholdsCommits = false;
  commitEveryMs: number;
  /** Its rebalances: while one runs, nobody reads. `explained`: a deployment made it. */
  readonly pauses: { fromMs: number; toMs: number; explained: boolean }[] = [];
  /** Told of every commit, also of those that do not move. */
  onCommit: (commit: Commit) => void = () => {};
  readonly #partitions: readonly PartitionState[];
  readonly #random: Random;
  readonly #batchRecords: number;
  /** Without members from the start: it assigns itself its partitions and commits. */
  readonly #isManual: boolean;
  #nextCommitMs = 0;
  #memberNumber = 0;

  constructor(plan: ClusterPlan['group'], partitions: readonly PartitionState[], random: Random) {
    this.groupId = plan.groupId;
    this.type = plan.type;
    this.commitEveryMs = plan.commitEveryMs;
    this.#batchRecords = plan.batchRecords;
    this.#isManual = plan.members === 0;
    this.#partitions = partitions;
    this.#random = random;
    this.readers = plan.consume.map((consume, partition) => ({
      ...{ partition, consume, position: 0, committed: 0, movedAtMs: Number.NaN, gapsMs: [] },
      ...{ lost: 0, lostUpTo: 0, lostAtMs: Number.NaN, unreadSinceMs: Number.NaN },
    }));
    this.members = Array.from({ length: plan.members }, () => this.#newMember());
    this.state = plan.members > 0 ? 'Stable' : 'Empty';
  }

  get isReading(): boolean {
    const pauses =
      this.type === 'classic' && (this.state === 'PreparingRebalance' || this.state === 'CompletingRebalance');
    return this.isSubscribed && !this.standing && !pauses && (this.state !== 'Empty' || this.#isManual);
  }

  /** Records that a reader could still read: markers are none. */
  readable(partition: number): number {
    const { log, endsWithMarker } = this.#partitions[partition]!;
    return log.endOffset - (endsWithMarker ? 1 : 0);
  }

  flow(nowMs: number, sinceStartMs: number, elapsedMs: number): void {
    if (this.isReading) for (const reader of this.readers) this.#read(reader, sinceStartMs, elapsedMs);
    const isDue = nowMs >= this.#nextCommitMs;
    if (isDue) this.#nextCommitMs = nowMs + this.commitEveryMs * this.#random.between(0.95, 1.05);
    const commits = this.isReading && !this.withholdsCommits;
    for (const reader of this.readers) {
      const enough = this.#batchRecords > 0 && reader.position - reader.committed >= this.#batchRecords;
      if (commits && (enough || isDue)) this.commit(reader, Math.floor(reader.position), nowMs);
      const waits = this.readable(reader.partition) > reader.committed;
      if (!waits) reader.unreadSinceMs = Number.NaN;
      else if (Number.isNaN(reader.unreadSinceMs)) reader.unreadSinceMs = nowMs;
    }
  }

  commit(reader: Reader, offset: number, nowMs: number): void {
    const { log } = this.#partitions[reader.partition]!;
    this.onCommit({ partition: reader.partition, offset, endOffset: log.endOffset, atMs: nowMs });
    if (offset === reader.committed) return;
    if (!Number.isNaN(reader.movedAtMs)) reader.gapsMs.push(nowMs - reader.movedAtMs);
    if (reader.gapsMs.length > gapsKept) reader.gapsMs.shift();
    reader.committed = offset;
    reader.movedAtMs = nowMs;
    reader.unreadSinceMs = Number.NaN;
  }

  /** Retention has moved the log start. */
  deletedUpTo(partition: number, logStart: number, nowMs: number): void {
    const reader = this.readers[partition]!;
    const from = Math.max(Math.floor(reader.position), reader.lostUpTo);
    if (logStart <= from) return;
    reader.lost += logStart - from;
    reader.lostUpTo = logStart;
    reader.lostAtMs = nowMs;
  }

  /** All has been read and committed. */
  jumpToEnd(): void {
    for (const reader of this.readers) {
      reader.position = this.readable(reader.partition);
      reader.committed = reader.position;
    }
  }

  /** The past went by in long steps: what was counted in it tells nothing. */
  forgetPast(): void {
    for (const reader of this.readers) {
      reader.movedAtMs = Number.NaN;
      reader.gapsMs = [];
      reader.lost = 0;
      reader.lostUpTo = 0;
      reader.lostAtMs = Number.NaN;
    }
  }

  /** The members go and none is left. */
  leave(nowMs: number): void {
    this.members = [];
    this.state = 'Empty';
    this.epoch++;
    this.emptySinceMs = nowMs;
  }

  /** So many members join an Empty group. */
  join(count: number): void {
    this.members = Array.from({ length: count }, () => this.#newMember());
    this.state = 'Stable';
    this.epoch++;
    this.emptySinceMs = Number.NaN;
  }

  /** Nobody reads until `settle`. */
  beginRebalance(nowMs: number, explained: boolean): void {
    this.state = this.type === 'consumer' ? 'Reconciling' : 'PreparingRebalance';
    this.pauses.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY, explained });
  }

  /** The rebalance ends; `replaced` of the members are new ones. */
  settle(nowMs: number, replaced: number): void {
    this.epoch++;
    this.state = 'Stable';
    this.members = [...this.members.slice(replaced), ...Array.from({ length: replaced }, () => this.#newMember())].map(
      (member) => ({ ...member, generationId: this.epoch - 1 }),
    );
    const last = this.pauses.at(-1);
    if (last !== undefined) last.toMs = nowMs;
  }

  #read(reader: Reader, sinceStartMs: number, elapsedMs: number): void {
    const { leader } = this.#partitions[reader.partition]!;
    if (leader === null) return;
    const able = (reader.consume(sinceStartMs) * elapsedMs) / 1000;
    if (able === 0) return;
    const from = Math.max(reader.position, reader.lostUpTo);
    reader.position = Math.max(from, Math.min(this.readable(reader.partition), from + able));
  }

  #newMember(): GroupMember {
    const number = ++this.#memberNumber;
    return {
      memberId: `member-${number}`,
      groupInstanceId: null,
      clientId: 'app',
      clientHost: `/10.0.${number >> 8}.${number & 255}`,
      generationId: this.epoch - 1,
      subscribedTopics: null,
      assignment: null,
    };
  }
}

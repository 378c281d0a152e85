import type { GroupPlan, Rate } from './plan.ts';
import type { Random } from './random.ts';
import { lastStableOffset, type PartitionState, type SimulatedTopic } from './simulated-topic.ts';

/** What a group does on one partition. */
export interface Reader {
  state: PartitionState;
  consume: Rate;
  /** Index of the member that has it; null: none. */
  owner: number | null;
  /** The assignor leaves it out. */
  isLeftOut: boolean;
  position: number;
  committed: number;
  /** Kafka holds a commit; `committed` means nothing without. */
  hasCommit: boolean;
  /** It commits what it has read; else it reads on and never does. */
  commits: boolean;
  /** The last time that it was told where to read on; null: never. */
  jump: { atMs: number; from: number; to: number } | null;
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

export interface Member {
  memberId: string;
  groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  generationId: number;
}

interface Commit {
  reader: Reader;
  offset: number;
  endOffset: number;
  atMs: number;
}

/** Gaps that the usual one is taken from. */
const gapsKept = 60;

/** One consumer group: members that come and go, readers that advance and commit. */
export class SimulatedGroup {
  readonly plan: GroupPlan;
  readonly groupId: string;
  readonly coordinatorId: number;
  readers: readonly Reader[];
  members: readonly Member[];
  state: string;
  epoch = 1;
  /** When it became Empty; NaN: it has members. */
  emptySinceMs = Number.NaN;
  /** Reads nothing and commits nothing, though nothing says so. */
  standing = false;
  /** Topics that its members want; a topic that leaves it keeps its commits. */
  readonly subscribed: Set<string>;
  isDeleted = false;
  commitEveryMs: number;
  /** Its rebalances: while one runs, nobody reads. `explained`: a deployment made it. */
  readonly pauses: { fromMs: number; toMs: number; explained: boolean }[] = [];
  /** Told of every commit, also of those that do not move. */
  onCommit: (commit: Commit) => void = () => {};
  readonly #random: Random;
  readonly #batchRecords: number;
  /** Without members from the start: it assigns itself its partitions and commits. */
  readonly #isManual: boolean;
  #nextCommitMs = 0;
  #memberNumber = 0;

  constructor(plan: GroupPlan, topics: readonly SimulatedTopic[], random: Random, coordinatorId: number) {
    this.plan = plan;
    this.groupId = plan.groupId;
    this.coordinatorId = coordinatorId;
    this.commitEveryMs = plan.commitEveryMs;
    this.#batchRecords = plan.batchRecords;
    this.#isManual = plan.members === 0;
    this.#random = random;
    this.subscribed = new Set(plan.subscriptions.map(({ topic }) => topic));
    this.readers = plan.subscriptions.flatMap(({ topic, consume }) => {
      const { partitions } = topics.find((one) => one.topic === topic)!;
      return partitions.map((state, index) => newReader(state, consume[index]!));
    });
    this.members = [];
    this.state = 'Empty';
    if (plan.members > 0) this.join(plan.members);
  }

  get isReading(): boolean {
    const pauses =
      this.plan.type === 'classic' && (this.state === 'PreparingRebalance' || this.state === 'CompletingRebalance');
    return !this.standing && !pauses && !this.isDeleted && (this.state !== 'Empty' || this.#isManual);
  }

  /** Whether this reader reads, as far as it depends on the group. */
  reads({ owner, state }: Reader): boolean {
    return this.isReading && (owner !== null || this.#isManual) && !state.topic.isDeleted;
  }

  /** Up to where a reader could read: a marker at the end is nothing to read, what is not stable may not be read. */
  readable({ log, endsWithMarker, openTransactionOffset }: PartitionState): number {
    if (this.plan.readsCommitted && openTransactionOffset !== null)
      return Math.min(openTransactionOffset, log.endOffset);
    return log.endOffset - (endsWithMarker ? 1 : 0);
  }

  /** What its lag is measured to. */
  endOffset(state: PartitionState): number {
    return this.plan.readsCommitted ? lastStableOffset(state) : state.log.endOffset;
  }

  flow(nowMs: number, sinceStartMs: number, elapsedMs: number): void {
    for (const reader of this.readers) if (this.reads(reader)) this.#read(reader, sinceStartMs, elapsedMs);
    const isDue = nowMs >= this.#nextCommitMs;
    if (isDue) this.#nextCommitMs = nowMs + this.commitEveryMs * this.#random.between(0.95, 1.05);
    for (const reader of this.readers) {
      const enough = this.#batchRecords > 0 && reader.position - reader.committed >= this.#batchRecords;
      if (reader.commits && (enough || isDue) && this.reads(reader))
        this.commit(reader, Math.floor(reader.position), nowMs);
      const waits = this.readable(reader.state) > reader.committed;
      if (!waits) reader.unreadSinceMs = Number.NaN;
      else if (Number.isNaN(reader.unreadSinceMs)) reader.unreadSinceMs = nowMs;
    }
  }

  commit(reader: Reader, offset: number, nowMs: number): void {
    this.onCommit({ reader, offset, endOffset: reader.state.log.endOffset, atMs: nowMs });
    reader.hasCommit = true;
    if (offset === reader.committed) return;
    if (!Number.isNaN(reader.movedAtMs)) reader.gapsMs.push(nowMs - reader.movedAtMs);
    if (reader.gapsMs.length > gapsKept) reader.gapsMs.shift();
    reader.committed = offset;
    reader.movedAtMs = nowMs;
    reader.unreadSinceMs = Number.NaN;
  }

  /** An operator or the application sets where to read on. */
  seek(reader: Reader, offset: number, nowMs: number): void {
    reader.jump = { atMs: nowMs, from: reader.committed, to: offset };
    reader.position = offset;
    this.commit(reader, offset, nowMs);
  }

  /** Reads on and commits no more, or again. */
  setCommits(commits: boolean): void {
    for (const reader of this.readers) reader.commits = commits;
  }

  /** Kafka no longer holds a commit of this group; its members know their positions. */
  dropCommits(): void {
    for (const reader of this.readers) reader.hasCommit = false;
  }

  /** Retention has moved the log start. */
  deletedUpTo(state: PartitionState, nowMs: number): void {
    const { logStart } = state.log;
    for (const reader of this.readers) {
      if (reader.state !== state) continue;
      const from = Math.max(Math.floor(reader.position), reader.lostUpTo);
      // A marker that is deleted is no loss.
      const unread = Math.min(logStart, this.readable(state)) - from;
      if (unread <= 0) continue;
      reader.lost += unread;
      reader.lostUpTo = logStart;
      reader.lostAtMs = nowMs;
    }
  }

  /** All has been read and committed. */
  jumpToEnd(): void {
    for (const reader of this.readers) {
      reader.position = this.readable(reader.state);
      reader.committed = reader.position;
      reader.hasCommit = true;
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

  /** The topic has partitions that the group does not know: read at `rate`, as soon as a member has them. */
  seePartitions(topic: SimulatedTopic, consume: Rate): void {
    const known = new Set(this.readers.map(({ state }) => state));
    const added = topic.partitions.filter((state) => !known.has(state)).map((state) => newReader(state, consume));
    this.readers = [...this.readers, ...added];
  }

  /** The topic was deleted, its commits with it; what is made anew under its name begins at its start. */
  followRecreated(topic: SimulatedTopic): void {
    this.readers = this.readers.map((reader) =>
      reader.state.topic === topic
        ? { ...newReader(topic.partitions[reader.state.partition]!, reader.consume), owner: reader.owner }
        : reader,
    );
  }

  /** The members go and none is left. */
  leave(nowMs: number): void {
    this.members = [];
    this.state = 'Empty';
    this.epoch++;
    this.emptySinceMs = nowMs;
    this.assign();
  }

  /** So many members join an Empty group. */
  join(count: number): void {
    this.members = Array.from({ length: count }, () => this.#newMember());
    this.state = 'Stable';
    this.epoch++;
    this.emptySinceMs = Number.NaN;
    this.assign();
  }

  /** Nobody reads until `settle`. */
  beginRebalance(nowMs: number, explained: boolean): void {
    this.state = this.plan.type === 'consumer' ? 'Reconciling' : 'PreparingRebalance';
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
    this.assign();
  }

  /** The members no longer want the topic. */
  unsubscribe(topic: string): void {
    this.subscribed.delete(topic);
    this.epoch++;
    this.assign();
  }

  /** An Empty group forgets its commits some time after its members went (classic), and is gone with the last. */
  expireOffsets(nowMs: number, retentionMs: number): void {
    if (this.#isManual || this.members.length > 0 || !(nowMs - this.emptySinceMs >= retentionMs)) return;
    this.dropCommits();
    this.isDeleted = true;
  }

  /** Somebody deletes the Empty group. */
  delete(): void {
    this.dropCommits();
    this.isDeleted = true;
  }

  /** Its members come back; without commits they begin at the end (auto.offset.reset=latest). */
  returnAt(nowMs: number): void {
    this.isDeleted = false;
    for (const reader of this.readers) if (!reader.hasCommit) this.commit(reader, this.readable(reader.state), nowMs);
    for (const reader of this.readers) reader.position = reader.committed;
    this.join(this.plan.members);
  }

  /** Gives what is subscribed to the members in turn. */
  assign(): void {
    const count = this.members.length;
    for (const reader of this.readers) {
      const isWanted = this.subscribed.has(reader.state.topic.topic) && !reader.isLeftOut;
      reader.owner = count > 0 && isWanted ? reader.state.partition % count : null;
    }
  }

  #read(reader: Reader, sinceStartMs: number, elapsedMs: number): void {
    if (reader.state.leader === null) return;
    const able = (reader.consume(sinceStartMs) * elapsedMs) / 1000;
    if (able === 0) return;
    const from = Math.max(reader.position, reader.lostUpTo);
    reader.position = Math.max(from, Math.min(this.readable(reader.state), from + able));
  }

  #newMember(): Member {
    const number = ++this.#memberNumber;
    const host = Math.ceil(number / this.plan.membersPerHost);
    return {
      memberId: `member-${number}`,
      groupInstanceId: this.plan.isStatic ? `instance-${number}` : null,
      clientId: this.groupId,
      clientHost: `/10.0.${host >> 8}.${host & 255}`,
      generationId: this.epoch - 1,
    };
  }
}

function newReader(state: PartitionState, consume: Rate): Reader {
  return {
    ...{ state, consume, owner: null, isLeftOut: false, position: 0, committed: 0, hasCommit: false },
    ...{ commits: true, jump: null },
    ...{ movedAtMs: Number.NaN, gapsMs: [], lost: 0, lostUpTo: 0, lostAtMs: Number.NaN, unreadSinceMs: Number.NaN },
  };
}

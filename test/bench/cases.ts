/** One size of cluster that the bench makes and measures tidemark on. */
export interface BenchCase {
  readonly topics: number;
  readonly partitionsPerTopic: number;
  readonly groups: number;
  /** Partitions that each group has committed. */
  readonly committedPartitions: number;
  /** So many of the groups have a member. */
  readonly groupsWithMember: number;
  /** Every so many-th partition gets records, and commits on it move, in each cycle. */
  readonly movingEvery: number;
  /** Records that stand unread for ever on each of the others. */
  readonly idleLag: number;
  readonly intervalMs: number;
  /** Cycles that are not counted, then those that are. */
  readonly warmCycles: number;
  readonly cycles: number;
  readonly heapMegabytes: number;
}

const caseA: BenchCase = {
  topics: 200,
  partitionsPerTopic: 50,
  groups: 1_000,
  committedPartitions: 100,
  groupsWithMember: 100,
  movingEvery: 10,
  idleLag: 0,
  intervalMs: 15_000,
  warmCycles: 4,
  cycles: 12,
  heapMegabytes: 900,
};

export const benchCases: Readonly<Record<string, BenchCase>> = {
  /** 100,000 series: the size that the peers were measured at. */
  A: caseA,
  /** The same cluster on its worst day: nine tenths of what is committed stand still before unread records. */
  'A-stuck': { ...caseA, idleLag: 5, cycles: 20 },
  /** Shows in CI that the bench works; its figures say little. */
  small: {
    topics: 4,
    partitionsPerTopic: 10,
    groups: 20,
    committedPartitions: 20,
    groupsWithMember: 4,
    movingEvery: 10,
    idleLag: 0,
    intervalMs: 1_000,
    warmCycles: 4,
    cycles: 12,
    heapMegabytes: 400,
  },
};

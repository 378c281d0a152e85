import type { Finding, FindingSubject } from './finding.ts';
import type { GroupTopicColumn } from './report.ts';

/** Counters and findings that must outlive the process; JSON-able. The store keeps it, the engine takes it back at start. */
export interface EngineMemory {
  atMs: number;
  findings: readonly OpenFindingMemory[];
  groupTopics: readonly {
    groupId: string;
    topic: string;
    topicId: string | null;
    counters: Partial<Record<GroupTopicColumn, number>>;
  }[];
  /** `emptySinceMs` (wall): absent where the group has members, or nobody saw when they left. */
  groups: readonly { groupId: string; rebalances: number; rebalancingSeconds: number; emptySinceMs?: number }[];
  topics: readonly { topic: string; topicId: string | null; producedRecords: number }[];
  /** Of each group's topic: partitions that somebody was seen to read, and since when (wall ms) nobody does, in runs of alike ones. */
  readers: readonly {
    groupId: string;
    topic: string;
    topicId: string | null;
    runs: { from: number; to: number; wasRead: boolean; unreadSinceMs: number | null }[];
  }[];
  findingsRaised: readonly (readonly [code: string, count: number])[];
  /** Absent in what an older version remembered. */
  habits?: { groups: readonly GroupHabits[]; series: readonly SeriesHabits[] };
  /** Conditions that were no findings yet. Absent in what an older version remembered. */
  conditions?: readonly ConditionMemory[];
  /** Absent where no quorum was read. */
  quorum?: {
    leaderId: number | null;
    leaderEpoch: number | null;
    leaderChanges: number;
    changesAtMs: readonly number[];
  };
}

/** Since when (wall ms) a group is in its state, and its last stops before unread records, oldest first. */
export interface GroupHabits {
  groupId: string;
  state: string;
  stateSinceMs: number;
  stopsMs: readonly number[];
}

/** What was learned of those partitions of which the store's samples do not tell it. Times are wall ms. */
export interface SeriesHabits {
  groupId: string;
  topic: string;
  topicId: string | null;
  partitions: {
    partition: number;
    /** Markers or a compacted tail: up to which offset, how many as a rule, and how often that was seen. */
    residue?: { upTo: number | null; lag: number; stands: number };
    commitInterval?: { usualMs: number; longestMs: number };
    /** Regular movements in a row, of the one series of the group that has had them for longest. */
    run?: { movements: number; sinceMs: number; lastMovedMs: number };
  }[];
}

/** A condition that was seen and has not lasted long enough for a finding. Times are wall ms. */
export interface ConditionMemory {
  code: string;
  subject: FindingSubject;
  streakPolls: number;
  /** How long the streak has lasted by the monotonic clock. */
  streakMs: number;
  /** The first poll that showed it whole, and how long ago that was by the monotonic clock; null: none yet. */
  since: { atMs: number; agoMs: number } | null;
  lastSeenMs: number;
}

/** An open finding with what the ledger needs to go on: its streaks. Times are wall ms. */
export interface OpenFindingMemory {
  finding: Finding;
  /** The last poll whose data told whether the condition holds. */
  lastSeenMs: number;
  /** The last poll whose data met the condition. */
  lastMetMs: number;
  heldSinceMs: number | null;
  /** How long it has been open by the monotonic clock, as of the memory's atMs. */
  openMs: number;
  /** Polls in a row that no longer showed it. */
  clearPolls: number;
  /** Names the settings that it was judged by; absent where an older version wrote it. */
  judgedBy?: string;
}

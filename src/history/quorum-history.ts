import type { QuorumVoter } from '../model/snapshot.ts';

/** A voter as it was read last. Times are engine milliseconds. */
export interface VoterHistory extends QuorumVoter {
  /** Since when its lag has not shrunk from one read to the next; null: it shrinks, or lacks nothing. */
  fallingSince: number | null;
  /** Since when the leader has not heard of it at all; null: it has. */
  unheardSince: number | null;
  /** How long it had not fetched when it was read, ms, by the leader's own clock; null: the leader does not tell. */
  silentMs: number | null;
}

/** What is remembered of the metadata quorum. */
export interface QuorumHistory {
  leaderId: number | null;
  leaderEpoch: number | null;
  /** Since the quorum was first seen, at most one a read: a counter. */
  leaderChanges: number;
  /** Those of the last hour, wall ms. */
  changesAtMs: readonly number[];
  voters: readonly VoterHistory[];
  /** Engine time; NaN: by another process, before this one began. */
  readAt: number;
}

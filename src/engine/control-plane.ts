import type { ClusterHistory } from '../history/cluster-history.ts';
import type { EngineMemory } from '../model/engine-memory.ts';
import type { Age, PermissionState, QuorumState } from '../model/report.ts';
import { quorumWindowMs } from './ingest/quorum.ts';

/** The quorum as it is published; null where none was read by this process. */
export function quorumState(
  { quorum }: ClusterHistory,
  nowMs: number,
  atMs: number,
  staleAt: number,
): QuorumState | null {
  if (quorum === null || Number.isNaN(quorum.readAt)) return null;
  const { leaderId, leaderEpoch, leaderChanges, changesAtMs, voters, readAt } = quorum;
  return {
    ...{ leaderId, leaderEpoch, leaderChanges },
    leaderChangesLastHour: changesAtMs.filter((changedAtMs) => atMs - changedAtMs < quorumWindowMs).length,
    age: ageOf(readAt, staleAt),
    voters: voters.map(({ brokerId, lag, fallingSince, unheardSince, silentMs }) => ({
      brokerId,
      lag,
      fallingSeconds: fallingSince === null ? 0 : (readAt - fallingSince) / 1000,
      silentSeconds: unheardSince === null ? inSeconds(silentMs) : (nowMs - unheardSince) / 1000,
    })),
  };
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

export function permissionState({ permissions }: ClusterHistory, staleAt: number): PermissionState | null {
  return permissions === null ? null : { ...permissions.value, age: ageOf(permissions.readAt, staleAt) };
}

function ageOf(readAt: number, staleAt: number): Age {
  return readAt < staleAt ? 'stale' : 'current';
}

/** Of the quorum what must outlive the process: who led, and how often that changed. */
export function rememberQuorum({ quorum }: ClusterHistory): Pick<EngineMemory, 'quorum'> {
  if (quorum === null) return {};
  const { leaderId, leaderEpoch, leaderChanges, changesAtMs } = quorum;
  return { quorum: { leaderId, leaderEpoch, leaderChanges, changesAtMs } };
}

export function restoreQuorum(history: ClusterHistory, { quorum }: EngineMemory): void {
  if (quorum !== undefined) history.quorum = { ...quorum, voters: [], readAt: Number.NaN };
}

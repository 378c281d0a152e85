import type { QuorumHistory, VoterHistory } from '../../history/quorum-history.ts';
import { leaderNowMs } from '../../model/quorum-clock.ts';
import type { Quorum, QuorumVoter } from '../../model/snapshot.ts';
import type { Intake } from './intake.ts';

/** Leader changes are counted over this trailing time. */
export const quorumWindowMs = 3_600_000;

/** Who leads the metadata quorum, how often that changed, and how far each voter follows. */
export function ingestQuorum(intake: Intake): void {
  const { history, snapshot } = intake;
  const read = snapshot.reads.quorum;
  if (read === undefined) return;
  const before = history.quorum;
  const { leaderId, leaderEpoch, voters } = read.value;
  const readAt = intake.readAt(read, null);
  const hasChanged = before !== null && isAnotherTerm(before, read.value);
  const recent = (before?.changesAtMs ?? []).filter((atMs) => snapshot.atMs - atMs < quorumWindowMs);
  const nowMs = leaderNowMs(read);
  history.quorum = {
    leaderId,
    leaderEpoch,
    leaderChanges: (before?.leaderChanges ?? 0) + (hasChanged ? 1 : 0),
    changesAtMs: hasChanged ? [...recent, snapshot.atMs] : recent,
    voters: voters.map((voter) => {
      const earlier = hasChanged ? undefined : before?.voters.find(({ brokerId }) => brokerId === voter.brokerId);
      return followed(voter, earlier, readAt, nowMs);
    }),
    readAt,
  };
  if (hasChanged) {
    const who = leaderId === null ? 'Another node' : `Node ${leaderId}`;
    intake.tell('broker', 'quorum-leader-changed', {}, `${who} leads the metadata quorum now.`);
  }
}

/** Each election makes a new epoch; where a trace tells none, another leader is the sign. */
function isAnotherTerm(before: QuorumHistory, { leaderId, leaderEpoch }: Quorum): boolean {
  if (before.leaderEpoch !== null && leaderEpoch !== null) return before.leaderEpoch !== leaderEpoch;
  return before.leaderId !== null && leaderId !== null && before.leaderId !== leaderId;
}

function followed(
  voter: QuorumVoter,
  before: VoterHistory | undefined,
  readAt: number,
  leaderNowMs: number,
): VoterHistory {
  const { lag, lastFetchMs } = voter;
  const falls = lag !== null && lag > 0 && before?.lag != null && lag >= before.lag;
  const isUnheard = lag === null && lastFetchMs === null;
  return {
    ...voter,
    fallingSince: falls ? (before?.fallingSince ?? readAt) : null,
    unheardSince: isUnheard ? (before?.unheardSince ?? readAt) : null,
    silentMs: lastFetchMs === null ? null : Math.max(0, leaderNowMs - lastFetchMs),
  };
}

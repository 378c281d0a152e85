import type { Quorum, Read } from './snapshot.ts';

/**
 * The present by the clock of the quorum's leader, ms since its epoch: its own entry carries it, so that ages by it need no clock of
 * ours. Where it does not tell, when we read it.
 */
export function leaderNowMs({ value: { leaderId, voters }, observedAtMs }: Read<Quorum>): number {
  return voters.find(({ brokerId }) => brokerId === leaderId)?.lastFetchMs ?? observedAtMs;
}

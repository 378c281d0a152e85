import { type Static, Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import type { QuorumState } from '../../model/report.ts';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

type Voter = QuorumState['voters'][number];

const thresholds = Type.Object({
  leaderChanges: Type.Integer({
    default: 3,
    minimum: 0,
    description: 'changes of the leader in the trailing hour that are still well: three controllers restarted in turn',
  }),
  lagRecords: Type.Integer({
    default: 1000,
    minimum: 0,
    description:
      'records of the metadata log that a voter may lack: the log grows by two a second when nothing happens',
  }),
  fallingFor: Duration('3m', 'and for so long its lag has not shrunk: a controller that restarts takes less'),
  silentFor: Duration('5m', 'time without a fetch: longer than a controller takes to restart'),
  ...hysteresis({ because: 'one read may fall into an election' }),
});

export const quorumUnhealthy = defineRule({
  code: 'quorum-unhealthy',
  subject: 'cluster',
  severity: 'warning',
  thresholds,
  doc: {
    meaning:
      'The controllers of a KRaft cluster change their leader again and again, or one of them does not follow: one more that fails may leave the cluster without a controller, and nothing can be created, moved or elected.',
    source: 'DescribeQuorum (KIP-595, KIP-836): leader and epoch, and of each voter its lag and its last fetch.',
    advice:
      'Look at the controller that is named: does it run, does its disk keep up, does it pause for garbage collection, can it reach the leader? Many leader changes: look at the network and the load of all of them.',
  },
  judge({ quorum }, limits) {
    if (quorum === null || quorum.age === 'stale') return unread('quorum');
    const { leaderId, leaderEpoch, leaderChangesLastHour, voters } = quorum;
    const behind = voters.filter((voter) => isFallingBehind(voter, limits));
    const silent = voters.filter(
      ({ brokerId, silentSeconds }) => brokerId !== leaderId && (silentSeconds ?? 0) * 1000 >= limits.silentFor,
    );
    const isRestless = leaderChangesLastHour > limits.leaderChanges;
    if (!isRestless && behind.length === 0 && silent.length === 0) return clear();
    return {
      is: 'raise',
      evidence: { leaderId, leaderEpoch, leaderChangesLastHour, isRestless, behind, silent, voters: voters.length },
    };
  },
  summary({ leaderChangesLastHour, isRestless, behind, silent, voters }) {
    const restless = isRestless ? [`${countOf(leaderChangesLastHour, 'leader change')} in the last hour`] : [];
    const silence = silent.map(
      ({ brokerId, silentSeconds }) => `voter ${brokerId} has not fetched for ${spokenSeconds(silentSeconds ?? 0)}`,
    );
    const mute = new Set(silent.map(({ brokerId }) => brokerId));
    const lags = behind
      .filter(({ brokerId }) => !mute.has(brokerId))
      .map(({ brokerId, lag }) => `voter ${brokerId} is ${countOf(lag ?? 0, 'record')} behind and does not catch up`);
    return `The metadata quorum of ${countOf(voters, 'voter')}: ${[...restless, ...silence, ...lags].join(', ')}`;
  },
});

function isFallingBehind({ lag, fallingSeconds }: Voter, limits: Static<typeof thresholds>): boolean {
  return lag !== null && lag > limits.lagRecords && fallingSeconds * 1000 >= limits.fallingFor;
}

import { Type } from 'typebox';
import { clear, defineRule, hysteresis, unknown, unread } from '../rule.ts';

export const uncleanElectionAllowed = defineRule({
  code: 'unclean-election-allowed',
  subject: 'topic',
  severity: 'info',
  thresholds: Type.Object(hysteresis({ because: 'a setting that somebody is just changing back is no news' })),
  doc: {
    meaning:
      'A replica that is not in sync may become leader when all others are away: the topic stays writable, and what the replica had not copied is lost.',
    source: 'unclean.leader.election.enable of the topic, as the brokers give it (their default included).',
    advice:
      'Is availability worth more than records here? If not, set unclean.leader.election.enable=false on the topic or the brokers.',
  },
  suspect: ({ topics }, row) => topics.config[row]?.uncleanLeaderElection === true,
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const uncleanLeaderElection = row.config?.uncleanLeaderElection;
    if (uncleanLeaderElection === undefined) return unknown('unclean-leader-election-unread');
    const config = { uncleanLeaderElection };
    const replicas = Math.max(0, ...row.partitions.map((one) => one.replicas.length));
    // A single replica has nobody to lag behind.
    if (!uncleanLeaderElection || replicas < 2) return clear('recovered', config);
    return { is: 'raise', evidence: { replicas, partitions: row.partitions.length, config } };
  },
  summary: (_evidence, { topic }) =>
    `${topic} may elect a leader that is not in sync (unclean.leader.election.enable=true): records can be lost silently`,
});

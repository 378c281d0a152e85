/** What is asking for trouble, and wakes nobody: of a topic, while it lasts. */
import { minuteMs } from '../plan.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { SimulatedTopic } from '../simulated-topic.ts';
import type { Label } from './label.ts';
import { lasting } from './lasting.ts';
import { eachTopic, ownReplicas, topicSubject } from './topology.ts';

/** How long each must last, by docs/findings.md. */
const atMinIsrForMs = 5 * minuteMs;
const notPreferredForMs = 15 * minuteMs;
/** A setting shows when topic configs are read next. */
const configsEveryMs = minuteMs;

function lint(code: string, forMs: number, isSo: (topic: SimulatedTopic, cluster: SimulatedCluster) => boolean): Label {
  return {
    ...{ code, severity: 'info' },
    begin() {
      const lasts = lasting<SimulatedTopic>();
      return (moment, holds) => {
        eachTopic(moment, (topic) => {
          const is = isSo(topic, moment.cluster);
          if (lasts(topic, is, moment.nowMs) >= forMs && is) holds(topicSubject(topic));
        });
      };
    },
  };
}

const atMinIsr = lint('at-min-isr', atMinIsrForMs, ({ config, partitions }) =>
  partitions.some((state) => {
    const { length } = state.inSyncReplicas;
    return length === config.minInSyncReplicas && length < ownReplicas(state).length;
  }),
);

const notPreferredLeader = lint('not-preferred-leader', notPreferredForMs, ({ partitions }) =>
  partitions.some(({ leader, replicas: [preferred], inSyncReplicas, addingReplicas }) => {
    if (leader === null || preferred === undefined || addingReplicas.length > 0) return false;
    return leader !== preferred && inSyncReplicas.includes(preferred);
  }),
);

const singleReplica = lint('single-replica', 0, ({ partitions }, { brokers }) =>
  partitions.some((state) => brokers.size > 1 && ownReplicas(state).length === 1),
);

const uncleanElectionAllowed = lint('unclean-election-allowed', configsEveryMs, ({ config, partitions }) =>
  partitions.some(({ replicas }) => config.uncleanLeaderElection === true && replicas.length > 1),
);

export const lintLabels: readonly Label[] = [atMinIsr, notPreferredLeader, singleReplica, uncleanElectionAllowed];

import { Type } from 'typebox';
import { clear, defineRule, hysteresis } from '../rule.ts';

export const clusterUnreachable = defineRule({
  code: 'cluster-unreachable',
  subject: 'cluster',
  severity: 'critical',
  thresholds: Type.Object(hysteresis({ because: 'one lost answer is no outage' })),
  doc: {
    meaning: 'tidemark reaches no broker of the cluster: it is blind, and what it shows is old.',
    source: 'Metadata could not be read from any known broker.',
    advice: 'Check bootstrapServers, the network from here, and whether the brokers live.',
  },
  judge({ cluster, reachable, metadata }) {
    if (reachable) return clear();
    const failure = metadata?.failures[0];
    return {
      is: 'raise',
      evidence: {
        cluster,
        lastSuccessMs: metadata?.lastSuccessMs ?? null,
        code: failure?.code ?? null,
        message: failure?.message ?? null,
      },
    };
  },
  summary({ cluster, message, lastSuccessMs }) {
    const never = lastSuccessMs === null ? ', and has not since tidemark came' : '';
    return `No broker of ${cluster} answers${never}${message === null ? '' : `: ${message}`}`;
  },
});

import type { ClusterRow } from '../../../../src/evaluators/rows/row-types.ts';
import { clusterUnreachable } from '../../../../src/evaluators/rules/cluster-unreachable.ts';
import { collectorFailing } from '../../../../src/evaluators/rules/collector-failing.ts';
import { dataMissing } from '../../../../src/evaluators/rules/data-missing.ts';
import type { CollectorStatus } from '../../../../src/model/report.ts';
import { collectorStatus } from '../../../support/rule-rows.ts';
import { testRule } from './verdicts.ts';

/** What tidemark finds about itself. */
const timeout = { collector: 'end-offsets', code: 'upstream.timeout', brokerId: 2 } as const;
const denied = { collector: 'end-offsets', code: 'upstream.denied', topics: [{ topic: 'secret' }] } as const;
const noLeader = { collector: 'end-offsets', code: 'upstream.no-leader' } as const;
const collectorRow = (over: Partial<CollectorStatus>) => ({ status: collectorStatus(over) });

testRule(collectorFailing, collectorRow, [
  ['it reads everything', {}, 'clear recovered'],
  ['it has read nothing three times', { outcome: 'failed', failingPolls: 3, failures: [timeout] }, 'raise warning'],
  [
    'one broker of several does not answer',
    { outcome: 'partial', failingPolls: 3, failures: [timeout] },
    'raise warning',
  ],
  ['twice may be an election', { outcome: 'failed', failingPolls: 2, failures: [timeout] }, 'unknown too-few-polls'],
  ['it failed without saying what', { outcome: 'failed', failingPolls: 3 }, 'raise warning'],
  [
    'what we may not read is a matter of permissions',
    { outcome: 'partial', failingPolls: 9, failures: [denied] },
    'clear recovered',
  ],
  [
    'a partition without a leader has a finding of its own',
    { outcome: 'partial', failingPolls: 9, failures: [noLeader] },
    'clear recovered',
  ],
  [
    'it may read nothing at all',
    { outcome: 'failed', failingPolls: 9, failures: [{ collector: 'log-dirs', code: 'upstream.denied', brokerId: 1 }] },
    'clear recovered',
  ],
  [
    'the cluster has no quorum to be read: it runs on ZooKeeper',
    { outcome: 'failed', failingPolls: 9, failures: [{ collector: 'quorum', code: 'upstream.unsupported' }] },
    'clear recovered',
  ],
  [
    'both: the broker still counts',
    { outcome: 'partial', failingPolls: 9, failures: [denied, timeout] },
    'raise warning',
  ],
]);

testRule(
  clusterUnreachable,
  (over: Partial<ClusterRow>) => ({ cluster: 'c1', reachable: true, metadata: null, ...over }),
  [
    ['Metadata was read', {}, 'clear recovered'],
    ['no broker answers', { reachable: false }, 'raise critical'],
    [
      'not since the start',
      { reachable: false, metadata: collectorStatus({ collector: 'cluster', outcome: 'failed', lastSuccessMs: null }) },
      'raise critical',
    ],
  ],
);

testRule(dataMissing, collectorRow, [
  ['the collector reads everything again', {}, 'clear recovered'],
  ['it still misses a part, and nobody knows which', { outcome: 'partial' }, 'unknown still-unread'],
]);

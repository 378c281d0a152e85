import { rebalanceStorm } from '../../../../src/evaluators/rules/rebalance-storm.ts';
import { groupRow } from '../../../support/rule-rows.ts';
import { testRule } from './verdicts.ts';

testRule(rebalanceStorm, groupRow, [
  ['no rebalance at all', {}, 'clear recovered'],
  ['a crash loop', { rebalances: 40, rebalancingSeconds: 300 }, 'raise warning'],
  ['seven are too many, however short', { rebalances: 7, rebalancingSeconds: 10 }, 'raise warning'],
  [
    'two minutes without consuming are too long, however few',
    { rebalances: 2, rebalancingSeconds: 120 },
    'raise warning',
  ],
  ['one member flaps once', { rebalances: 3, rebalancingSeconds: 45 }, 'clear recovered'],
  [
    'a hundred pods are deployed',
    { rebalances: 102, explainedRebalances: 100, rebalancingSeconds: 280, explainedRebalancingSeconds: 270 },
    'clear recovered',
  ],
  [
    'a deployment, and a crash loop after it',
    { rebalances: 60, explainedRebalances: 20, rebalancingSeconds: 280, explainedRebalancingSeconds: 70 },
    'raise warning',
  ],
  [
    'a KIP-848 group consumes while it reconciles',
    { type: 'consumer', rebalances: 40, rebalancingSeconds: 300 },
    'clear recovered',
  ],
  ['a share group has no partitions to move', { type: 'share', rebalances: 40 }, 'clear recovered'],
  [
    'tidemark came back ten minutes ago: what it has not counted is no evidence',
    { rebalances: 1, countedWhole: false },
    'unknown not-watched-long-enough',
  ],
  ['a storm is one, however short it was watched', { rebalances: 40, countedWhole: false }, 'raise warning'],
  ['membership was never read', { rebalanceSource: null }, 'unknown membership-unread'],
  ['membership is old', { rebalances: 40, staleCollector: 'group-membership' }, 'unknown stale'],
  ['old commits say nothing about members', { rebalances: 40, staleCollector: 'committed-offsets' }, 'raise warning'],
]);

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokerSkew } from '../../../../src/evaluators/rules/broker-skew.ts';
import { brokerRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const few = { leaders: 20, replicas: 60, sizeBytes: 1e10 };

testRule(brokerSkew, brokerRow, [
  ['all brokers hold alike', {}, 'clear recovered'],
  ['half more leaders than usual', { leaders: 600 }, 'clear recovered'],
  ['more than that', { leaders: 601 }, 'raise info'],
  ['replicas', { replicas: 1801 }, 'raise info'],
  ['bytes', { sizeBytes: 1.51e12 }, 'raise info'],
  ['twice as many of few leaders weigh nothing', { ...few, leaders: 69, usual: few }, 'clear recovered'],
  ['50 above the usual do', { ...few, leaders: 71, usual: few }, 'raise info'],
  ['no size was read', { ...few, sizeBytes: null, usual: { ...few, sizeBytes: null } }, 'clear recovered'],
  [
    'a reassignment runs: nothing says how it is meant to lie',
    { leaders: 900, isReassigning: true },
    'unknown reassigning',
  ],
  ['a broker that does not live has a finding of its own', { up: false, replicas: 9000 }, 'unknown broker-missing'],
  ['Metadata is old', { leaders: 900, staleCollector: 'cluster' }, 'unknown stale'],
]);

test('broker-skew: says what is skewed, and what is usual', () => {
  const { evidence } = raisedBy(brokerSkew, brokerRow({ leaders: 900, sizeBytes: 2e12 }));
  assert.equal(
    brokerSkew.summary(evidence as never, { brokerId: 2 }),
    'Broker 2 has 900 leaders where 400 leaders are usual, and 2.0 TB where 1.0 TB are usual',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFindingSettings } from '../../../../src/evaluators/index.ts';
import { brokerMissing } from '../../../../src/evaluators/rules/broker-missing.ts';
import { brokerRow, minute } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const lacked = (over: object) => ({ partitions: 1200, underMinIsr: 0, offline: 0, examples: [], ...over });

testRule(brokerMissing, brokerRow, [
  ['it lives', {}, 'clear recovered'],
  ['it does not, and every partition has enough copies left', { up: false, lacked: lacked({}) }, 'raise warning'],
  [
    'a partition is under min.insync.replicas for it',
    { up: false, lacked: lacked({ underMinIsr: 1 }) },
    'raise critical',
  ],
  ['a partition has no leader for it', { up: false, lacked: lacked({ offline: 1 }) }, 'raise critical'],
  ['it holds replicas of which nothing was read', { up: false }, 'raise warning'],
  ['Metadata is old: nobody knows', { up: false, staleCollector: 'cluster' }, 'unknown stale'],
]);

test('broker-missing: a restart of 90 s is over before it is raised', () => {
  assert.equal(defaultFindingSettings()['broker-missing'].raiseAfter, 3 * minute);
});

test('broker-missing: says what it holds and what that leaves', () => {
  const row = brokerRow({ up: false, livingBrokers: 2, lacked: lacked({ underMinIsr: 3, offline: 1 }) });
  assert.equal(
    brokerMissing.summary(raisedBy(brokerMissing, row).evidence as never, { brokerId: 2 }),
    'Broker 2 does not live and holds 1,200 replicas, which leaves 3 partitions under min.insync.replicas and 1 partition without a leader (2 brokers living)',
  );
});

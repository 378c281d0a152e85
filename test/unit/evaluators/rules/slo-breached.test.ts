import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesRow } from '../../../../src/evaluators/rows/row-types.ts';
import { sloBreached } from '../../../../src/evaluators/rules/slo-breached.ts';
import { groupRow, policy, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const promised = policy({ sloLagSeconds: 60 });
const strict = policy({ sloLagSeconds: 60, sloSeverity: 'critical' });

/** Three series; those that are not named are two seconds behind. */
function group(...overs: readonly Partial<SeriesRow>[]) {
  const series = [0, 1, 2].map((partition) => seriesRow({ partition, policy: promised, ...overs[partition] }));
  return groupRow({ series });
}

testRule(sloBreached, (one: Partial<SeriesRow>) => group(one), [
  ['within the promise', {}, 'clear recovered'],
  ['just at it', { timeLagSeconds: 60 }, 'clear recovered'],
  ['over it', { timeLagSeconds: 60.1 }, 'raise warning'],
  ['the owner wants to be woken', { timeLagSeconds: 61, policy: strict }, 'raise critical'],
  ['its reader is gone: the promise stands', { timeLagSeconds: 61, ownership: 'orphaned' }, 'raise warning'],
  ['nobody has the partition', { timeLagSeconds: 61, ownership: 'unassigned' }, 'raise warning'],
  ['unsubscribed', { timeLagSeconds: 61, ownership: 'dropped' }, 'clear recovered'],
  ['abandoned', { timeLagSeconds: 61, ownership: 'abandoned' }, 'clear recovered'],
  ['markers are no records', { timeLagSeconds: 61, timeLagMethod: 'residue' }, 'clear recovered'],
  ['nothing was promised for this topic', { timeLagSeconds: 61, policy: policy() }, 'clear recovered'],
  [
    'its next commit comes only after it is over again: one breach, not one each commit',
    { timeLagSeconds: 20, commitDelaySeconds: 5, learnedIntervalMs: 56_000 },
    'unknown may-be-over-before-the-next-commit',
  ],
  [
    'its next commit comes in time',
    { timeLagSeconds: 20, commitDelaySeconds: 5, learnedIntervalMs: 55_000 },
    'clear recovered',
  ],
  [
    'when its next commit comes is not known yet',
    { timeLagSeconds: 20, learnedIntervalMs: null },
    'unknown may-be-over-before-the-next-commit',
  ],
  [
    'all is read: nothing waits for the next commit',
    { lag: 0, timeLagSeconds: 0, commitDelaySeconds: 5, learnedIntervalMs: 56_000 },
    'clear recovered',
  ],
  ['how far it is behind is not known', { timeLagSeconds: null }, 'unknown time-lag-unknown'],
  [
    'nothing was ever committed there: it has no lag',
    { committedOffset: null, lag: null, timeLagSeconds: null, everMoved: false },
    'clear recovered',
  ],
  [
    'its commit is gone',
    { committedOffset: null, lag: null, timeLagSeconds: null, everMoved: true },
    'unknown time-lag-unknown',
  ],
  ['it cannot be read', { timeLagSeconds: 61, staleCollector: 'end-offsets' }, 'unknown stale'],
]);

test('slo-breached: without any promise it ends as the change of config that it was', () => {
  const verdict = sloBreached.judge(groupRow({ series: [seriesRow()] }), {} as never);
  assert.deepEqual(verdict, { is: 'clear', reason: 'config-changed' });
});

test('slo-breached: the whole group cannot be read', () => {
  const verdict = sloBreached.judge(groupRow({ staleCollector: 'committed-offsets' }), {} as never);
  assert.deepEqual(verdict, { is: 'unknown', reason: 'stale', unread: 'committed-offsets' });
});

test('slo-breached: the severity is the most urgent that was breached, the worst is what breaks its promise most', () => {
  const day = policy({ sloLagSeconds: 86_400, sloSeverity: 'critical' });
  const { severity, evidence } = raisedBy(
    sloBreached,
    group({ timeLagSeconds: 86_500, policy: day }, { timeLagSeconds: 600 }),
  );
  assert.equal(severity, 'critical');
  assert.deepEqual([evidence.sloLagSeconds, evidence.breachedPartitions], [60, 2]);
});

test('slo-breached: says when draining ends it: the share above the promise of the slowest', () => {
  // 240 s behind, drained in 400 s: after 300 s a quarter is left, 60 s.
  const { evidence } = raisedBy(
    sloBreached,
    group({ timeLagSeconds: 240, timeToDrainSeconds: 400 }, { timeLagSeconds: 70, timeToDrainSeconds: 70 }),
  );
  assert.equal(evidence.endsInSeconds, 300);
  assert.equal(
    sloBreached.summary(evidence as never, { groupId: 'billing' }),
    'billing is 4 min behind on orders p0 and behind its promise on 2 of 3 partitions, promised are 1 min: draining ends it in 5 min',
  );
});

test('slo-breached: one that does not drain has no end', () => {
  const { evidence } = raisedBy(
    sloBreached,
    group({ timeLagSeconds: 240, timeToDrainSeconds: 400 }, { timeLagSeconds: 70, timeToDrainSeconds: null }),
  );
  assert.equal(evidence.endsInSeconds, null);
  assert.match(sloBreached.summary(evidence as never, { groupId: 'billing' }), /: it is not draining$/);
});

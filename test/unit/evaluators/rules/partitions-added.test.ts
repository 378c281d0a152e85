import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionsAdded } from '../../../../src/evaluators/rules/partitions-added.ts';
import { topicRow } from '../../../support/topic-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

testRule(partitionsAdded, topicRow, [
  ['nothing changed', {}, 'clear recovered'],
  ['it had one partition', { change: { partitionsBefore: 1 } }, 'raise info'],
  ['its settings changed, its partitions did not', { change: { configBefore: {} } }, 'clear recovered'],
  ['Metadata is old', { change: { partitionsBefore: 1 }, staleCollector: 'cluster' }, 'unknown stale'],
]);

test('partitions-added: says how many there were', () => {
  const { evidence } = raisedBy(partitionsAdded, topicRow({ change: { partitionsBefore: 1 } }));
  assert.deepEqual(evidence, { partitionsBefore: 1, partitions: 2 });
  assert.equal(
    partitionsAdded.summary(evidence as never, { topic: 'orders' }),
    'orders has 2 partitions, it had 1: keys move',
  );
});

test('partitions-added: adding more while it is shown keeps the number that there was at first', () => {
  const again = partitionsAdded.renew?.({ partitionsBefore: 1, partitions: 2 }, { partitionsBefore: 2, partitions: 6 });
  assert.deepEqual(again, { partitionsBefore: 1, partitions: 6 });
});

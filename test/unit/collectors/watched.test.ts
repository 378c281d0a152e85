import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScope, isWatched, withinScope } from '../../../src/collectors/index.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

const everything = { include: ['*'], exclude: [] };
const scope = createScope({
  groups: { include: ['bill*'], exclude: ['billing-test'] },
  topics: { include: ['*'], exclude: ['secret-*'] },
});

const subjects = [
  [{}, true],
  [{ groupId: 'billing' }, true],
  [{ groupId: 'shipping' }, false],
  [{ groupId: 'billing-test' }, false],
  [{ topic: 'orders' }, true],
  [{ topic: 'secret-orders' }, false],
  [{ groupId: 'billing', topic: 'secret-orders' }, false],
  [{ groupId: 'billing', topic: 'orders' }, true],
] as const;
for (const [subject, expected] of subjects) {
  test(`scope: ${JSON.stringify(subject)} is ${expected ? '' : 'not '}watched`, () => {
    assert.equal(isWatched(subject, scope), expected);
  });
}

test("scope: Kafka's own topics are part of the cluster, whatever is left out", () => {
  const narrow = createScope({ groups: everything, topics: { include: ['orders'], exclude: [] } });
  assert.equal(isWatched({ topic: '__consumer_offsets' }, narrow), true);
});

test('scope: of a stored snapshot only what is watched now comes back', () => {
  const trace = new TraceBuilder().topic('orders').topic('secret-orders');
  trace.group('billing', { topics: ['orders'] }).group('shipping', { topics: ['orders'] });
  const { reads } = withinScope(trace.snapshot(), scope);
  assert.deepEqual(
    reads.cluster?.value.topics.map(({ topic }) => topic),
    ['orders'],
  );
  assert.deepEqual(
    reads['committed-offsets']?.value.map(({ groupId }) => groupId),
    ['billing'],
  );
});

test('scope: a snapshot without those reads stays without them', () => {
  const snapshot = { ...new TraceBuilder().snapshot(), reads: {} };
  assert.deepEqual(withinScope(snapshot, scope), snapshot);
});

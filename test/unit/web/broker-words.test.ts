import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskLines, quorumSentence, voterWords } from '../../../web/model/broker-words.ts';
import { clusterAnswer } from '../../support/page-fixture-rows.ts';

const dir = {
  path: '/a',
  totalBytes: 4e12,
  usableBytes: 1.6e12,
  error: null,
  age: 'current',
  timeToFullSeconds: null,
} as const;

test('disks: one is told by how full it is, and when it will be', () => {
  assert.deepEqual(diskLines([dir]), ['60 % used, 1.6 TB free']);
  assert.deepEqual(diskLines([{ ...dir, timeToFullSeconds: 50_400 }]), ['60 % used, 1.6 TB free, full in 14 h']);
  assert.deepEqual(diskLines([{ ...dir, age: 'stale' }]), ['60 % used, 1.6 TB free, as read last']);
  assert.deepEqual(diskLines([{ ...dir, totalBytes: null, usableBytes: null }]), ['size not told (before Kafka 3.3)']);
  assert.deepEqual(diskLines([]), ['not read']);
});

test('disks: several are told apart, the one in most trouble first', () => {
  const dirs = [dir, { ...dir, path: '/b', usableBytes: 4e11 }, { ...dir, path: '/c', error: 'KAFKA_STORAGE_ERROR' }];
  assert.deepEqual(diskLines(dirs), [
    '/c: offline (KAFKA_STORAGE_ERROR)',
    '/b: 90 % used, 400 GB free',
    '/a: 60 % used, 1.6 TB free',
  ]);
});

const quorum = clusterAnswer().quorum!;

test('quorum: who leads, since how many changes, and how each voter follows', () => {
  assert.equal(quorumSentence(quorum), 'Node 102 leads it, in epoch 41: no change in the last hour.');
  const unread = { ...quorum, leaderId: null, leaderEpoch: null, leaderChangesLastHour: 2, age: 'stale' } as const;
  assert.equal(
    quorumSentence(unread),
    'Nobody is known to lead it: 2 changes in the last hour. It cannot be read now.',
  );
  const said = (over: object) => voterWords({ ...quorum.voters[0]!, ...over }, 102);
  assert.deepEqual(said({ brokerId: 102 }), { tone: 'good', text: 'leads' });
  assert.deepEqual(said({}), { tone: 'good', text: '3 records behind, last fetch 0 s ago' });
  assert.deepEqual(said({ lag: 0, silentSeconds: 90 }), {
    tone: 'warn',
    text: 'lacks nothing, last fetch 1 min 30 s ago',
  });
  assert.deepEqual(said({ lag: null, silentSeconds: null }), { tone: 'warn', text: 'not heard of by this leader' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrokerPool } from '../../../src/kafka/wire/broker-pool.ts';
import { ControlQuestions } from '../../../src/kafka/wire/control-questions.ts';
import { TidemarkError } from '../../../src/model/errors.ts';
import { systemClock } from '../../../src/system-clock.ts';

const never = new AbortController().signal;

/** A pool of brokers of which any answers so, by the name of the API. */
function answering(answers: Record<string, object>): ControlQuestions {
  const ask = async ({ api }: { api: string }) => answers[api];
  const pool = { brokerIds: [1], askAny: ask, askController: ask };
  return new ControlQuestions(pool as unknown as BrokerPool, systemClock);
}

const voter = (replicaId: number, logEndOffset: bigint, timestamp: bigint) => ({
  ...{ replicaId, logEndOffset, lastFetchTimestamp: timestamp, lastCaughtUpTimestamp: timestamp },
});
const quorumOf = (log: object) =>
  answering({ DescribeQuorum: { errorCode: 0, topics: [{ partitions: [{ errorCode: 0, ...log }] }] } });

test('quorum: the lag of a voter is what it lacks of the leader’s log; of one never heard of nothing is known', async () => {
  const currentVoters = [voter(1, 100n, 5000n), voter(2, 90n, 4900n), voter(3, -1n, -1n)];
  const { value, brokers } = await quorumOf({ leaderId: 1, leaderEpoch: 7, currentVoters }).quorum(never);
  assert.deepEqual(value, {
    leaderId: 1,
    leaderEpoch: 7,
    voters: [
      { brokerId: 1, lag: 0, lastFetchMs: 5000, lastCaughtUpMs: 5000 },
      { brokerId: 2, lag: 10, lastFetchMs: 4900, lastCaughtUpMs: 4900 },
      { brokerId: 3, lag: null, lastFetchMs: null, lastCaughtUpMs: null },
    ],
  });
  assert.deepEqual(Object.keys(brokers), ['1']);
});

test('quorum: an error of the answer, or of the log in it, is what Kafka says', async () => {
  const denied = answering({ DescribeQuorum: { errorCode: 31, topics: [] } });
  await assert.rejects(denied.quorum(never), (error: TidemarkError) => error.code === 'upstream.denied');
  const moved = quorumOf({ errorCode: 6 }).quorum(never);
  await assert.rejects(moved, (error: TidemarkError) => error.code === 'upstream.stale');
  const empty = answering({ DescribeQuorum: { errorCode: 0, topics: [] } }).quorum(never);
  await assert.rejects(empty, (error: unknown) => error instanceof TidemarkError);
});

test('permissions: topics with the same operations together, a denied one with none, one that is no more not at all', async () => {
  const bits = (...codes: number[]) => codes.reduce((mask, code) => mask | (1 << code), 0);
  const topic = (name: string, errorCode: number, topicAuthorizedOperations = 0) => ({
    ...{ name, errorCode, topicAuthorizedOperations },
  });
  const kafka = answering({
    DescribeCluster: { errorCode: 0, clusterAuthorizedOperations: bits(8, 10, 15) },
    Metadata: {
      topics: [
        topic('a', 0, bits(3, 8)),
        topic('secret', 29, bits(3, 8)),
        topic('b', 0, bits(3, 8)),
        topic('gone', 3),
        topic('moving', 5),
      ],
    },
  });
  const { value, failures } = await kafka.permissions(['a', 'b', 'secret', 'gone', 'moving'], never);
  assert.deepEqual(value, {
    principal: 'User:ANONYMOUS',
    cluster: ['describe', 'describeConfigs', 'twoPhaseCommit'],
    topics: [
      { operations: ['read', 'describe'], names: ['a', 'b'] },
      { operations: [], names: ['secret'] },
    ],
  });
  assert.deepEqual(
    failures.map(({ code, topics }) => [code, topics]),
    [['upstream.transient', [{ topic: 'moving' }]]],
  );
});

test('permissions: thousands of topics are asked in parts', async () => {
  const asked: number[] = [];
  const pool = {
    brokerIds: [1],
    askAny: async ({ api }: { api: string }, [names]: [readonly string[]]) => {
      if (api === 'DescribeCluster') return { errorCode: 0, clusterAuthorizedOperations: 0 };
      asked.push(names.length);
      return { topics: [] };
    },
  };
  const topics = Array.from({ length: 2_500 }, (_, index) => `topic-${index}`);
  await new ControlQuestions(pool as unknown as BrokerPool, systemClock).permissions(topics, never);
  assert.deepEqual(asked, [1_000, 1_000, 500]);
});

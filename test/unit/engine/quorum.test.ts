import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuorumVoter, Snapshot } from '../../../src/model/snapshot.ts';
import { advance, testEngine } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

/** A cluster whose quorum is told at each poll; a leader's clock is an hour ahead of ours. */
class Watched {
  readonly #trace = new TraceBuilder().topic('orders');
  readonly #engine = testEngine();

  /** One poll, 15 s after the one before; `voter` is what the leader, node 1, says of node 2; null: the quorum is not read. */
  poll(voter: { lag: number | null; silentMs: number | null } | null, leaderEpoch = 1) {
    this.#trace.advance(15_000);
    const snapshot = this.#trace.snapshot();
    const { report, events } = advance(this.#engine, voter === null ? snapshot : told(snapshot, voter, leaderEpoch));
    return { quorum: report.quorum, second: report.quorum?.voters[1], events };
  }
}

function told(
  snapshot: Snapshot,
  { lag, silentMs }: { lag: number | null; silentMs: number | null },
  leaderEpoch: number,
): Snapshot {
  const leaderNowMs = snapshot.atMs + 3_600_000;
  const voterOf = (brokerId: number, its: number | null, lastFetchMs: number | null): QuorumVoter => ({
    ...{ brokerId, lag: its, lastFetchMs, lastCaughtUpMs: lastFetchMs },
  });
  const voters = [voterOf(1, 0, leaderNowMs), voterOf(2, lag, silentMs === null ? null : leaderNowMs - silentMs)];
  const value = { leaderId: 1, leaderEpoch, voters };
  return { ...snapshot, reads: { ...snapshot.reads, quorum: { value, observedAtMs: snapshot.atMs, failures: [] } } };
}

test('quorum: a voter falls behind for as long as its lag does not shrink', () => {
  const watched = new Watched();
  const falling = [5, 9, 9, 20, 19, 25, 0, 0].map((lag) => watched.poll({ lag, silentMs: 500 }).second?.fallingSeconds);
  assert.deepEqual(falling, [0, 0, 15, 30, 0, 0, 0, 0]);
});

test('quorum: how long a voter has not fetched is told by the clock of the leader', () => {
  const watched = new Watched();
  assert.equal(watched.poll({ lag: 3, silentMs: 90_000 }).second?.silentSeconds, 90);
});

test('quorum: a voter that the leader has never heard of is silent since it was first seen so, and each leader begins anew', () => {
  const watched = new Watched();
  const silent = (leaderEpoch: number) =>
    watched.poll({ lag: null, silentMs: null }, leaderEpoch).second?.silentSeconds;
  assert.deepEqual([silent(1), silent(1), silent(1), silent(2), silent(2)], [0, 15, 30, 0, 15]);
});

test('quorum: each epoch is a change of the leader, which is told; the first read is none', () => {
  const watched = new Watched();
  const seen = [1, 1, 3, 3, 4].map((leaderEpoch) => {
    const { quorum, events } = watched.poll({ lag: 0, silentMs: 0 }, leaderEpoch);
    return [quorum?.leaderChanges, events.filter(({ what }) => what === 'quorum-leader-changed').length];
  });
  assert.deepEqual(seen, [
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 0],
    [2, 1],
  ]);
});

test('quorum: what was read last stays, and turns stale', () => {
  const watched = new Watched();
  assert.equal(watched.poll(null).quorum, null);
  watched.poll({ lag: 3, silentMs: 500 });
  const ages = Array.from({ length: 6 }, () => watched.poll(null).quorum?.age);
  assert.deepEqual(ages, ['current', 'current', 'current', 'current', 'stale', 'stale']);
});

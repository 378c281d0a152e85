import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Rejection, type ScatteredQuestion, scatter } from '../../../src/kafka/wire/scatter.ts';
import { TidemarkError } from '../../../src/model/errors.ts';

const notCoordinator = 16;
const loading = 14;
const denied = 30;
const unheardOf = 9999;

/** Groups with invented coordinators, and what each broker answers about a group: an error code, 0 for an answer, or silence. */
class Groups {
  readonly read: string[] = [];
  readonly requests: [brokerId: number, groupIds: readonly string[]][] = [];
  refreshes = 0;
  coordinators: Record<string, number | null>;
  readonly #answer: (brokerId: number, groupId: string) => number | TidemarkError;

  constructor(
    coordinators: Record<string, number | null>,
    answer: (brokerId: number, groupId: string) => number | TidemarkError,
  ) {
    this.coordinators = coordinators;
    this.#answer = answer;
  }

  async ask(afterRefresh: Record<string, number | null> | TidemarkError = this.coordinators, chunk = 100) {
    const question: ScatteredQuestion<string> = {
      api: 'OffsetFetch',
      chunk,
      brokerOf: (groupId) => this.coordinators[groupId] ?? null,
      nobody: { code: 'upstream.no-leader', message: 'nobody' },
      scopeOf: (groupIds) => ({ groupIds }),
      ask: async (brokerId, groupIds) => this.#askBroker(brokerId, groupIds),
    };
    const failures = await scatter(Object.keys(this.coordinators), question, {
      signal: new AbortController().signal,
      refresh: async () => {
        this.refreshes++;
        if (afterRefresh instanceof TidemarkError) throw afterRefresh;
        this.coordinators = afterRefresh;
      },
    });
    return failures.map(({ code, groupIds }) => ({ code, groupIds }));
  }

  #askBroker(brokerId: number, groupIds: readonly string[]): Rejection<string>[] {
    this.requests.push([brokerId, groupIds]);
    const rejections: Rejection<string>[] = [];
    for (const groupId of groupIds) {
      const answer = this.#answer(brokerId, groupId);
      if (answer instanceof TidemarkError) throw answer;
      if (answer === 0) this.read.push(groupId);
      else rejections.push({ item: groupId, errorCode: answer });
    }
    return rejections;
  }
}

test('each broker is asked once about its own groups', async () => {
  const groups = new Groups({ a: 1, b: 2, c: 1 }, () => 0);
  assert.deepEqual(await groups.ask(), []);
  assert.deepEqual(groups.requests, [
    [1, ['a', 'c']],
    [2, ['b']],
  ]);
  assert.equal(groups.refreshes, 0);
});

test('no request holds more than a chunk', async () => {
  const groups = new Groups({ a: 1, b: 1, c: 1 }, () => 0);
  await groups.ask(groups.coordinators, 2);
  assert.deepEqual(groups.requests, [
    [1, ['a', 'b']],
    [1, ['c']],
  ]);
});

test('stale: refreshed once, and only the stale groups are asked again, at their new coordinator', async () => {
  const groups = new Groups({ a: 1, b: 1 }, (brokerId, groupId) =>
    groupId === 'b' && brokerId === 1 ? notCoordinator : 0,
  );
  assert.deepEqual(await groups.ask({ a: 1, b: 2 }), []);
  assert.deepEqual(groups.read, ['a', 'b']);
  assert.deepEqual(groups.requests.at(-1), [2, ['b']]);
  assert.equal(groups.refreshes, 1);
});

test('still stale after that: a failure of exactly those groups, and no third attempt', async () => {
  const groups = new Groups({ a: 1, b: 1 }, (_, groupId) => (groupId === 'b' ? notCoordinator : 0));
  assert.deepEqual(await groups.ask(), [{ code: 'upstream.stale', groupIds: ['b'] }]);
  assert.equal(groups.requests.length, 2);
});

for (const [errorCode, code] of [
  [loading, 'upstream.transient'],
  [denied, 'upstream.denied'],
  [unheardOf, 'upstream.protocol'],
] as const) {
  test(`error ${errorCode} is ${code} of its group, at once; the others are kept`, async () => {
    const groups = new Groups({ a: 1, b: 1 }, (_, groupId) => (groupId === 'b' ? errorCode : 0));
    assert.deepEqual(await groups.ask(), [{ code, groupIds: ['b'] }]);
    assert.deepEqual(groups.read, ['a']);
    assert.equal(groups.refreshes, 0);
  });
}

test('a silent broker costs its own groups, is not asked again, and nobody waits for a refresh', async () => {
  const silent = new TidemarkError('upstream.timeout', 'no answer');
  const groups = new Groups({ a: 1, b: 2 }, (brokerId) => (brokerId === 1 ? silent : 0));
  assert.deepEqual(await groups.ask(), [{ code: 'upstream.timeout', groupIds: ['a'] }]);
  assert.deepEqual(groups.read, ['b']);
  assert.equal(groups.refreshes, 0);
});

test('what stood on a broker that is gone is asked where it stands now', async () => {
  const gone = new TidemarkError('upstream.unreachable', 'connection refused');
  const groups = new Groups({ a: 1, b: 2 }, (brokerId) => (brokerId === 1 ? gone : 0));
  assert.deepEqual(await groups.ask({ a: 2, b: 2 }), []);
  assert.deepEqual(groups.read, ['b', 'a']);
});

test('a refresh that fails leaves the first answers standing', async () => {
  const groups = new Groups({ a: 1, b: 2 }, (brokerId) => (brokerId === 1 ? notCoordinator : 0));
  const failures = await groups.ask(new TidemarkError('upstream.unreachable', 'nobody answers'));
  assert.deepEqual(failures, [{ code: 'upstream.stale', groupIds: ['a'] }]);
  assert.deepEqual(groups.read, ['b']);
});

test('without a coordinator there is nobody to ask, and a refresh just after the last would not help', async () => {
  const groups = new Groups({ a: null, b: 2 }, () => 0);
  assert.deepEqual(await groups.ask(), [{ code: 'upstream.no-leader', groupIds: ['a'] }]);
  assert.equal(groups.refreshes, 0);
});

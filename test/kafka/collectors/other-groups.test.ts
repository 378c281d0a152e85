/** Groups that are neither of the classic protocol nor of KIP-848: listed as what they are, and never taken for what they are not. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { offsetCommitV9 } from '@platformatic/kafka';
import type { Advance } from '../../../src/model/engine.ts';
import type { Facet, Snapshot } from '../../../src/model/snapshot.ts';
import { advance, groupRowOf, seriesOf, testEngine } from '../../support/engine-run.ts';
import { memberEpoch, shareGroupHeartbeat, streamsGroupHeartbeat } from '../../support/more-apis.ts';
import { testKafka } from '../../support/test-kafka.ts';
import { until } from '../../support/until.ts';
import { connectedToCoordinator } from '../../support/wire.ts';
import { Cycles, committedOf, membershipOf, read, wirePort } from './cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

function watching(short: string): Cycles {
  return new Cycles(wirePort(kafka.bootstrapServers), `${kafka.name(short)}*`);
}

/** Members of newer groups choose their own IDs. */
const memberId = randomBytes(16).toString('base64url');

function shownAs(snapshot: Snapshot, groupId: string) {
  const { type, protocolType, state, members } = membershipOf(snapshot, groupId) ?? {};
  return { type, protocolType, state, members };
}

/** What could not be read of groups. */
function failuresOf({ reads, failures }: Snapshot) {
  const ofGroups: readonly Facet[] = ['group-membership', 'committed-offsets'];
  const whole = failures.filter(({ collector }) => ofGroups.includes(collector));
  return [...whole, ...ofGroups.flatMap((facet) => reads[facet]?.failures ?? [])];
}

/** What is found of groups. */
function foundIn({ report }: Advance): string[] {
  return report.findings.filter(({ groupId }) => groupId !== undefined).map(({ code }) => code);
}

/** Number of members as the engine has it; NaN: not known. */
function membersIn({ report }: Advance, groupId: string): number {
  return report.groups.members[groupRowOf(report, groupId)]!;
}

test('a share group: its type and state, no members and no commits to read; unread, then gone when it is deleted', async () => {
  const topic = await kafka.createTopic('share');
  await kafka.produce(topic, 20);
  const groupId = kafka.name('share');
  await using connection = await connectedToCoordinator(kafka.bootstrapServers, groupId);
  await shareGroupHeartbeat(connection, groupId, memberId, memberEpoch.joins, [topic]);
  await using cycles = watching('share');
  const engine = testEngine();
  const joined = await cycles.next();
  assert.deepEqual(shownAs(joined, groupId), { type: 'share', protocolType: 'share', state: 'Stable', members: null });
  assert.deepEqual([read(joined, 'committed-offsets'), failuresOf(joined)], [[], []]);
  const seen = advance(engine, joined);
  assert.ok(Number.isNaN(membersIn(seen, groupId)), 'it has members, nobody said how many');
  await shareGroupHeartbeat(connection, groupId, memberId, memberEpoch.leaves, []);
  const left = await cycles.next();
  assert.deepEqual([shownAs(left, groupId).state, failuresOf(left)], ['Empty', []]);
  assert.equal(membersIn(advance(engine, left), groupId), 0);
  await kafka.deleteGroup(groupId);
  await assertGoneAfterThreeListings(cycles, groupId, (snapshot) => {
    assert.deepEqual(foundIn(advance(engine, snapshot)), []);
  });
});

test('a streams group: its commits are read, and with members of whom nothing is told it is nobody’s orphan', async () => {
  const topic = await kafka.createTopic('streams', { partitions: 2 });
  await kafka.produce(topic, 20);
  const groupId = kafka.name('streams');
  await using connection = await connectedToCoordinator(kafka.bootstrapServers, groupId);
  let epoch = await streamsGroupHeartbeat(connection, groupId, memberId, memberEpoch.joins, [topic]);
  await using cycles = watching('streams');
  const engine = testEngine();
  await until('its first rebalance has ended', async () => {
    epoch = await streamsGroupHeartbeat(connection, groupId, memberId, epoch, [topic]);
    const snapshot = await cycles.next();
    assert.deepEqual([failuresOf(snapshot), foundIn(advance(engine, snapshot))], [[], []]);
    return shownAs(snapshot, groupId).state === 'Stable';
  });
  const partitions = [{ partitionIndex: 0, committedOffset: 5n, committedLeaderEpoch: -1, committedMetadata: null }];
  await offsetCommitV9.api.async(connection, groupId, epoch, memberId, null, [{ name: topic, partitions }]);
  const joined = await cycles.next();
  const stable = { type: 'streams', protocolType: 'streams', state: 'Stable', members: null };
  assert.deepEqual(shownAs(joined, groupId), stable);
  assert.equal(committedOf(joined, groupId, topic), 5);
  for (const snapshot of [joined, await cycles.next(), await cycles.next()]) {
    assert.deepEqual(failuresOf(snapshot), []);
    const seen = advance(engine, snapshot);
    assert.deepEqual(foundIn(seen), []);
    assert.ok(Number.isNaN(membersIn(seen, groupId)));
    const { lag, ownership } = seriesOf(seen.report, groupId, topic) ?? {};
    assert.deepEqual({ lag, ownership }, { lag: 15, ownership: 'manual' });
  }
  await streamsGroupHeartbeat(connection, groupId, memberId, memberEpoch.leaves, []);
  advance(engine, await cycles.next());
  const left = advance(engine, await cycles.next());
  assert.equal(membersIn(left, groupId), 0);
  assert.deepEqual([seriesOf(left.report, groupId, topic)?.ownership, foundIn(left)], ['orphaned', []]);
  await kafka.deleteGroup(groupId);
  await assertGoneAfterThreeListings(cycles, groupId, (snapshot) => {
    assert.deepEqual(foundIn(advance(engine, snapshot)), []);
  });
});

/** Of such a group nobody asks the coordinator: it is gone when three complete listings in a row did not hold it. */
async function assertGoneAfterThreeListings(
  cycles: Cycles,
  groupId: string,
  each: (snapshot: Snapshot) => void,
): Promise<void> {
  for (let listing = 1; listing <= 3; listing++) {
    const snapshot = await cycles.next();
    each(snapshot);
    assert.equal(membershipOf(snapshot, groupId), undefined);
    const unread = snapshot.reads['group-membership']?.failures.flatMap(({ groupIds }) => groupIds ?? []);
    assert.deepEqual(unread, listing < 3 ? [groupId] : [], `listing ${listing}`);
  }
}

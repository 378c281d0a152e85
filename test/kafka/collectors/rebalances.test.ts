/** What membership tells of rebalances: how many there were, who came back, and what is not told while one runs. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Advance } from '../../../src/model/engine.ts';
import { rebalanceSources } from '../../../src/model/report.ts';
import type { GroupMember, Snapshot } from '../../../src/model/snapshot.ts';
import { advance, groupRowOf, seriesOf, testEngine } from '../../support/engine-run.ts';
import { JavaConsumer } from '../../support/java-consumer.ts';
import { assignmentBytes, subscriptionBytes } from '../../support/subscription-bytes.ts';
import { testKafka } from '../../support/test-kafka.ts';
import { until } from '../../support/until.ts';
import { WireMember } from '../../support/wire-member.ts';
import { Cycles, committedOf, membershipOf, wirePort } from './cycles.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

/** Clients in processes of their own take a while where the machine is busy. */
const settling = { withinMs: 120_000 };

function watching(short: string): Cycles {
  return new Cycles(wirePort(kafka.bootstrapServers), `${kafka.name(short)}*`);
}

/** The members of a group that is Stable; undefined while it is not. */
function settledMembers(snapshot: Snapshot, groupId: string): readonly GroupMember[] | undefined {
  const { state, members } = membershipOf(snapshot, groupId) ?? {};
  return state === 'Stable' ? (members ?? undefined) : undefined;
}

function rebalancesIn({ report }: Pick<Advance, 'report'>, groupId: string): number {
  return report.groups.rebalances[groupRowOf(report, groupId)]!;
}

/** What the engine tells of groups and their members as it happens. */
function toldOf({ events }: Pick<Advance, 'events'>): string[] {
  return events.filter(({ subject }) => subject.groupId !== undefined).map(({ kind, what }) => `${kind} ${what}`);
}

test('rebalances between two polls are counted exactly by the generation that Java’s members carry', async () => {
  const topic = await kafka.createTopic('generations');
  const groupId = kafka.name('generations');
  await using cycles = watching('generations');
  const engine = testEngine();
  await using _java = new JavaConsumer(kafka.bootstrapServers, groupId, topic, { 'heartbeat.interval.ms': 100 });
  /** Until the Java client is alone and has what there is; it joins each generation with the number of the one before. */
  const alone = (carries: number | null) =>
    until(
      `the Java client is alone, and carries generation ${carries}`,
      async () => {
        const snapshot = await cycles.next();
        const [only, another] = settledMembers(snapshot, groupId) ?? [];
        const isAlone = another === undefined && only?.generationId === carries && only.assignment?.length === 1;
        return isAlone ? snapshot : undefined;
      },
      settling,
    );
  /** Somebody joins and leaves: two rebalances. @returns the generation between them */
  const comesAndGoes = async (groupInstanceId: string): Promise<number> => {
    const subscription = subscriptionBytes([topic], -1);
    const joiner = await WireMember.join(kafka.bootstrapServers, groupId, { groupInstanceId, subscription });
    await joiner.sync();
    await joiner.leave();
    return joiner.generationId;
  };
  const first = await alone(null);
  assert.deepEqual(settledMembers(first, groupId)?.[0]?.subscribedTopics, [topic]);
  const known = await comesAndGoes('first');
  const before = advance(engine, await alone(known));
  assert.equal(await comesAndGoes('second'), known + 2);
  await alone(known + 2);
  assert.equal(await comesAndGoes('third'), known + 4);
  const after = advance(engine, await alone(known + 4));
  assert.deepEqual([rebalancesIn(before, groupId), rebalancesIn(after, groupId)], [0, 4]);
  assert.equal(rebalanceSources[after.report.groups.rebalanceSource[groupRowOf(after.report, groupId)]!], 'generation');
});

test('a static member that restarts is the same one: another memberId, no rebalance, nobody came or went', async () => {
  const topic = await kafka.createTopic('static');
  const groupId = kafka.name('static');
  await kafka.produce(topic, 5);
  await using cycles = watching('static');
  const engine = testEngine();
  const config = { 'group.instance.id': 'one' };
  const seen: { memberId: string; instance: string | null; generation: number | null }[] = [];
  for (const start of ['first', 'second']) {
    await using member = await kafka.join(groupId, [topic], { config });
    await until(`it reads after its ${start} start`, async () => {
      await kafka.produce(topic, 1);
      return member.consumed > 0;
    });
    const snapshot = await cycles.next();
    const [only] = settledMembers(snapshot, groupId) ?? [];
    assert.ok(only, `${start} start: settled`);
    seen.push({ memberId: only.memberId, instance: only.groupInstanceId, generation: only.generationId });
    const told = advance(engine, snapshot);
    assert.equal(rebalancesIn(told, groupId), 0);
    assert.deepEqual(toldOf(told), []);
  }
  const [before, now] = seen;
  assert.notEqual(now?.memberId, before?.memberId);
  assert.deepEqual([now?.instance, before?.instance], ['one', 'one']);
  assert.equal(now?.generation, null, 'librdkafka writes none for this assignor');
});

test('while a group rebalances its members do not tell what they subscribe to: who owned a partition still does', async () => {
  const topic = await kafka.createTopic('paused');
  const groupId = kafka.name('paused');
  const options = { groupInstanceId: 'one', subscription: subscriptionBytes([topic], 1) };
  const member = await WireMember.join(kafka.bootstrapServers, groupId, options);
  await member.sync(assignmentBytes(topic, [0]));
  await using cycles = watching('paused');
  const engine = testEngine();
  const owned = advance(engine, await cycles.next());
  assert.equal(seriesOf(owned.report, groupId, topic)?.ownership, 'owned');
  // The leader joins again, and leaves the group waiting for its assignment.
  const { memberId } = member;
  const again = await WireMember.join(kafka.bootstrapServers, groupId, { ...options, memberId });
  const snapshot = await cycles.next();
  const { state, members } = membershipOf(snapshot, groupId) ?? {};
  assert.deepEqual([state, members?.length], ['CompletingRebalance', 1]);
  const [told] = members ?? [];
  assert.deepEqual([told?.subscribedTopics, told?.generationId], [null, null]);
  assert.deepEqual(told?.assignment, [{ topic, partitions: [0] }], 'what it had before');
  for (const poll of [snapshot, await cycles.next(), await cycles.next()]) {
    const { report } = advance(engine, poll);
    assert.equal(seriesOf(report, groupId, topic)?.ownership, 'owned');
    assert.equal(rebalancesIn({ report }, groupId), 1, 'counted once, when it is seen');
  }
  await again.sync(assignmentBytes(topic, [0]));
  const settled = advance(engine, await cycles.next());
  assert.deepEqual([seriesOf(settled.report, groupId, topic)?.ownership, rebalancesIn(settled, groupId)], ['owned', 1]);
  await again.leave();
});

test('a group that changes from the classic protocol to KIP-848 keeps its series; each join there moves its epoch', async () => {
  const topic = await kafka.createTopic('converts', { partitions: 2 });
  const groupId = kafka.name('converts');
  await using cycles = watching('converts');
  const engine = testEngine();
  await kafka.produce(topic, 10);
  await kafka.consume(groupId, topic, 10);
  const classic = await cycles.next();
  assert.deepEqual([membershipOf(classic, groupId)?.type, committedOf(classic, groupId, topic)], ['classic', 10]);
  const before = seriesOf(advance(engine, classic).report, groupId, topic);
  await using _one = await kafka.join(groupId, [topic], { groupProtocol: 'consumer' });
  const settledWith = (count: number) =>
    until(`${count} members have their partitions`, async () => {
      const snapshot = await cycles.next();
      const members = settledMembers(snapshot, groupId) ?? [];
      const haveAll = members.length === count && members.every(({ assignment }) => assignment?.length === 1);
      return haveAll ? snapshot : undefined;
    });
  const converted = await settledWith(1);
  assert.equal(membershipOf(converted, groupId)?.type, 'consumer');
  const told = advance(engine, converted);
  assert.ok(!toldOf(told).some((event) => event.startsWith('group')), 'neither gone nor new');
  const now = seriesOf(told.report, groupId, topic);
  assert.deepEqual([now?.row, now?.committedOffset, now?.ownership], [before?.row, 10, 'owned']);
  await using _two = await kafka.join(groupId, [topic], { groupProtocol: 'consumer', awaitsAssignment: false });
  const joined = await settledWith(2);
  const moved = membershipOf(joined, groupId)!.epoch! - membershipOf(converted, groupId)!.epoch!;
  assert.ok(moved >= 1);
  const counted = advance(engine, joined);
  assert.equal(rebalancesIn(counted, groupId) - rebalancesIn(told, groupId), moved);
});

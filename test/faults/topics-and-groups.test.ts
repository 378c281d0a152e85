import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ClearReason, Transition } from '../../src/model/finding.ts';
import type { EventAnswer, Points } from '../../src/model/wire.ts';
import { KafkaClients } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { KafkaCluster } from '../support/kafka-cluster.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { until } from '../support/until.ts';

interface Findings {
  findings: { id: string; topicId?: string }[];
}
interface Events {
  events: EventAnswer[];
  transitions: Transition[];
}
interface Group {
  series: { topic: string; committedOffset: number | null; endOffset: number | null }[];
}

const settling = { withinMs: 120_000 };

let cluster: KafkaCluster;
let kafka: KafkaClients;
let daemon: Daemon;

before(async () => {
  cluster = await KafkaCluster.start({ brokers: 1 });
  kafka = new KafkaClients(cluster.bootstrapServers);
  daemon = await Daemon.start({ bootstrapServers: cluster.bootstrapServers, settings: scaledSettings });
});

after(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await kafka?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

/** A group that has lost records of a topic. @returns its name and the finding */
async function losingGroup(topic: string) {
  const groupId = kafka.name(`loser-of-${topic}`);
  await kafka.produce(topic, 20);
  await kafka.commit(groupId, { [topic]: { 0: 5 } });
  await until('the commit is read', async () => (await seriesOf(groupId, topic))?.committedOffset === 5, settling);
  await kafka.deleteRecords(topic, 0, 10);
  const finding = await until('records are lost', async () => (await lost(groupId))[0], settling);
  return { groupId, finding };
}

async function lost(groupId: string): Promise<Findings['findings']> {
  return (await daemon.api<Findings>(`/findings?code=lost-data&groupId=${groupId}`)).findings;
}

async function seriesOf(groupId: string, topic: string): Promise<Group['series'][number] | undefined> {
  return (await daemon.api<Group>(`/groups/${groupId}`)).series.find((each) => each.topic === topic);
}

async function topicIdOf(topic: string): Promise<string | null> {
  return (await daemon.api<{ topicId: string | null }>(`/topics/${topic}`)).topicId;
}

/** Why a finding ended; undefined while it has not. */
async function endOf(id: string): Promise<ClearReason | undefined> {
  const { transitions } = await daemon.api<Events>('/events?limit=1000');
  return transitions.filter((each) => each.type === 'cleared').find((each) => each.id === id)?.reason;
}

/** What happened to a topic or group of this name, newest first. */
async function eventsOf(name: string): Promise<EventAnswer[]> {
  const { events } = await daemon.api<Events>('/events?limit=1000');
  return events.filter(({ kind, subject }) =>
    [`topic ${subject.topic}`, `group ${subject.groupId}`].includes(`${kind} ${name}`),
  );
}

test('a topic that is deleted and created anew is another one: its findings end, its series begin at nothing', async () => {
  const topic = await kafka.createTopic('reborn');
  const { groupId, finding } = await losingGroup(topic);
  const oldId = await topicIdOf(topic);
  assert.equal(finding.topicId, oldId);

  await kafka.deleteTopic(topic);
  // The broker may refuse the name for a moment: its deletion goes on after the answer.
  await until('the name is free again', () => kafka.createTopic('reborn').then(() => true), settling);
  await until('the new topic is seen', async () => ![oldId, null].includes(await topicIdOf(topic)), settling);
  const newId = await topicIdOf(topic);

  assert.equal(await until('the finding has ended', () => endOf(finding.id), settling), 'topic-deleted');
  assert.deepEqual(await lost(groupId), [], 'nothing is said of records that no longer exist');
  // Whether a cycle fell between the two depends on the moment.
  const [last] = await eventsOf(topic);
  assert.match(last?.what ?? '', /^(re-)?created$/);
  assert.equal(last?.subject.topicId, newId);

  await kafka.produce(topic, 3);
  await kafka.commit(groupId, { [topic]: { 0: 2 } });
  await until('the new series is read', async () => (await seriesOf(groupId, topic))?.committedOffset === 2, settling);
  const query = new URLSearchParams({ groupId, topic, partition: '0', field: 'committedOffset', points: '1000' });
  const { series } = await daemon.api<{ series: { points: Points }[] }>(`/history?${query}`);
  const offsets = (series[0]?.points ?? []).map(([, offset]) => offset).filter((offset) => offset !== null);
  assert.deepEqual([...new Set(offsets)], [2], 'the history of the name begins with the new topic');
  assert.deepEqual(await lost(groupId), []);
});

test('a group that is deleted leaves the API, with the reason on its findings and an event', async () => {
  const topic = await kafka.createTopic('bereft');
  const { groupId, finding } = await losingGroup(topic);

  await kafka.deleteGroup(groupId);

  assert.equal(await until('the finding has ended', () => endOf(finding.id), settling), 'group-deleted');
  const { groups } = await daemon.api<{ groups: { groupId: string }[] }>('/groups');
  assert.ok(!groups.some((each) => each.groupId === groupId), 'it is listed no more');
  await assert.rejects(daemon.api(`/groups/${groupId}`), /404/);
  const [last] = await eventsOf(groupId);
  assert.equal(last?.what, 'deleted');
});

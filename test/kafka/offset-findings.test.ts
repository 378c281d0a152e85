/** Findings of what offsets do, by the real binary on a real cluster: resets, commits beyond the end, commits that are deleted. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Finding, Transition } from '../../src/model/finding.ts';
import type { EventAnswer } from '../../src/model/wire.ts';
import type { KafkaClients, Member } from '../support/clients.ts';
import { Daemon } from '../support/daemon.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { testKafka } from '../support/test-kafka.ts';
import { until } from '../support/until.ts';

const findings = { 'never-committed': { commitsWithin: '3s' } };
const settling = { withinMs: 120_000 };

let kafka: KafkaClients;
let daemon: Daemon;

before(async () => {
  kafka = await testKafka();
  const scope = { include: [`${kafka.prefix}*`] };
  daemon = await Daemon.start({
    bootstrapServers: kafka.bootstrapServers,
    // Nothing is said of a jump before which polls were missed, three intervals long: a slow machine misses 1.5 s at once.
    intervalMs: 2_000,
    settings: { ...scaledSettings, groups: scope, topics: scope, findings },
  });
});

after(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await kafka?.[Symbol.asyncDispose]();
});

interface SeriesAnswer {
  state: string | null;
  series: { topic: string; committedOffset: number | null; consumeRate: number | null }[];
}

function found(code: string, groupId: string): Promise<Finding> {
  const open = async () =>
    (await daemon.api<{ findings: Finding[] }>(`/findings?code=${code}&groupId=${groupId}`)).findings;
  return until(`${groupId} has ${code}`, async () => (await open())[0], settling);
}

async function toldOf(groupId: string): Promise<{ transitions: Transition[]; events: EventAnswer[] }> {
  const { transitions, events } = await daemon.api<{ transitions: Transition[]; events: EventAnswer[] }>(
    '/events?limit=1000',
  );
  return {
    transitions: transitions.filter((one) => one.groupId === groupId),
    events: events.filter(({ subject }) => subject.groupId === groupId),
  };
}

async function group(groupId: string): Promise<SeriesAnswer | undefined> {
  return daemon.api<SeriesAnswer>(`/groups/${groupId}`).catch(() => undefined);
}

/** Until the daemon has seen the group without members, and its commit where Kafka has it. */
async function seenEmptyAt(groupId: string, committedOffset: number): Promise<void> {
  await until(
    `${groupId} is seen to be empty at ${committedOffset}`,
    async () => {
      const seen = await group(groupId);
      return seen?.state === 'Empty' && seen.series[0]?.committedOffset === committedOffset;
    },
    settling,
  );
}

/** Lets a member read until the daemon has seen its commits move at some polls; it then leaves. @returns where it stands */
async function readFor(topic: string, groupId: string, movements: number): Promise<number> {
  const seen = new Set<number | null | undefined>();
  await using member: Member = await kafka.join(groupId, [topic]);
  await until(
    `${groupId} is seen to move`,
    async () => {
      await kafka.produce(topic, 5);
      seen.add((await group(groupId))?.series[0]?.committedOffset);
      return member.consumed > 0 && seen.size > movements;
    },
    settling,
  );
  await member[Symbol.asyncDispose]();
  return (await kafka.committedOffset(groupId, topic, 0))!;
}

test('reset by a tool while nobody is there: ahead is skipped, back is rewound, beyond the end is offset-ahead-of-log', async () => {
  const topic = await kafka.createTopic('reset');
  const groupId = kafka.name('billing');
  const stood = await readFor(topic, groupId, 6);
  await kafka.produce(topic, 1000);
  await seenEmptyAt(groupId, stood);
  // Longer without a movement than it ever was between two: nobody reads.
  await until('it has stood', async () => (await group(groupId))?.series[0]?.consumeRate === 0, settling);

  await kafka.commit(groupId, { [topic]: { 0: stood + 600 } });
  const skipped = await found('skipped', groupId);
  assert.deepEqual(
    [skipped.severity, skipped.evidence.by, skipped.evidence.skippedRecords, skipped.evidence.fromOffset],
    ['warning', 'no-members', 600, stood],
  );

  await kafka.commit(groupId, { [topic]: { 0: 0 } });
  const rewound = await found('rewound', groupId);
  assert.deepEqual([rewound.severity, rewound.evidence.rewoundRecords], ['warning', stood + 600]);

  await kafka.commit(groupId, { [topic]: { 0: stood + 5000 } });
  const ahead = await found('offset-ahead-of-log', groupId);
  assert.equal(ahead.severity, 'warning');
  assert.equal(ahead.evidence.committedOffset, stood + 5000);
  const metrics = await until(
    'the poll that found it is exported',
    async () => {
      const text = await daemon.get('/metrics');
      return new RegExp(`tidemark_finding\\{.*"offset-ahead-of-log".*"${groupId}"`).test(text) ? text : undefined;
    },
    settling,
  );
  assert.match(
    metrics,
    new RegExp(`tidemark_group_topic_skipped_records_total\\{[^}]*group="${groupId}"[^}]*\\} [1-9]`),
  );
  await daemon.kill();
  await daemon.launch();
  // A restart counts nothing anew, and forgets nothing.
  await until(
    'the counters are as before',
    async () => counters(await daemon.get('/metrics')) === counters(metrics),
    settling,
  );
});

test('commits that are deleted: an unused group goes without a finding, and is missed when it is used again', async () => {
  const topic = await kafka.createTopic('forgotten');
  const groupId = kafka.name('shipping');
  const stood = await readFor(topic, groupId, 2);
  await kafka.produce(topic, 50);
  await seenEmptyAt(groupId, stood);
  await kafka.deleteGroup(groupId);
  await until(
    'it is gone',
    async () => (await toldOf(groupId)).events.some(({ what }) => what === 'deleted'),
    settling,
  );
  assert.deepEqual((await toldOf(groupId)).transitions, []);
  await using _member = await kafka.join(groupId, [topic], { config: { 'auto.offset.reset': 'latest' } });
  const gone = await found('offsets-gone', groupId);
  assert.deepEqual([gone.severity, gone.evidence.how, gone.evidence.partitions], ['critical', 'came-back', 1]);
  assert.ok((gone.evidence.unreadRecords as number) >= 50);
});

test('a member that never commits', async () => {
  const topic = await kafka.createTopic('silent');
  const groupId = kafka.name('silent');
  await using member = await kafka.join(groupId, [topic], { config: { 'enable.auto.commit': false } });
  await until('it is seen to own the partition', async () => (await group(groupId))?.series.length === 1, settling);
  await until(
    'it reads',
    async () => {
      await kafka.produce(topic, 5);
      return member.consumed > 0;
    },
    settling,
  );
  const never = await found('never-committed', groupId);
  assert.deepEqual([never.severity, never.evidence.outlook], ['warning', 'loses-first']);
});

/** The lines of what was skipped and rewound. */
function counters(metrics: string): string {
  return metrics
    .split('\n')
    .filter((line) => /_(skipped|rewound)_records_total\{/.test(line))
    .join('\n');
}

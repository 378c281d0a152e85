import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Transition } from '../../src/model/finding.ts';
import { Daemon } from '../support/daemon.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { testKafka } from '../support/test-kafka.ts';
import { until } from '../support/until.ts';

type Kafka = Awaited<ReturnType<typeof testKafka>>;
interface Findings {
  findings: { id: string; sinceMs: number }[];
}
interface History {
  series: { points: [number, number | null][] }[];
}

let kafka: Kafka;
let topic: string;
let group: string;

before(async () => {
  kafka = await testKafka();
  topic = await kafka.createTopic('restart');
  group = kafka.name('loser');
  await kafka.produce(topic, 100);
  await kafka.commit(group, { [topic]: { 0: 5 } });
});
after(() => kafka[Symbol.asyncDispose]());

const startDaemon = () =>
  Daemon.start({
    bootstrapServers: kafka.bootstrapServers,
    settings: {
      ...scaledSettings,
      groups: { include: [`${kafka.prefix}*`] },
      topics: { include: [`${kafka.prefix}*`] },
    },
  });

async function lost(daemon: Daemon): Promise<Findings['findings']> {
  return (await daemon.api<Findings>(`/findings?code=lost-data&groupId=${group}`)).findings;
}

async function commits(daemon: Daemon): Promise<[number, number | null][]> {
  const query = new URLSearchParams({
    groupId: group,
    topic,
    partition: '0',
    field: 'committedOffset',
    points: '1000',
  });
  const { series } = await daemon.api<History>(`/history?${query}`);
  return (series[0]?.points ?? []).filter(([, value]) => value !== null);
}

/** The files of SQLite that hold data, not the lock or the set-aside ones. */
function databases(daemon: Daemon): string[] {
  return readdirSync(daemon.dataDir)
    .filter((name) => /\.(db|sqlite)$/.test(name))
    .map((name) => join(daemon.dataDir, name));
}

test('kill -9 at any moment: nothing committed is lost, no finding is doubled', async () => {
  await using daemon = await startDaemon();
  await kafka.deleteRecords(topic, 0, 50);
  const [finding] = await until('records are lost', async () => {
    const found = await lost(daemon);
    return found.length > 0 ? found : null;
  });
  assert.ok(finding);
  for (let round = 0; round < 5; round++) {
    const stored = await commits(daemon);
    await daemon.kill();
    await daemon.launch();
    assert.deepEqual(
      (await lost(daemon)).map(({ id }) => id),
      [finding.id],
      'the finding is there before the first answer',
    );
    const kept = new Map(await commits(daemon));
    for (const [atMs] of stored.slice(-20)) assert.ok(kept.has(atMs), `the sample of ${atMs} is still there`);
  }
  const { transitions } = await daemon.api<{ transitions: Transition[] }>('/events?limit=1000');
  const ofTheLoss = transitions.filter(({ code, type }) => code === 'lost-data' && type !== 'changed');
  assert.equal(ofTheLoss.length, 1, 'raised once, cleared never');
});

test('a damaged file is set aside and named, and a new one begun', async () => {
  await using daemon = await startDaemon();
  await until('something is stored', async () => (await commits(daemon)).length > 2);
  assert.equal(await daemon.stop(), 0);
  const [database] = databases(daemon);
  assert.ok(database, `a database stands in ${readdirSync(daemon.dataDir)}`);
  const { size } = statSync(database);
  truncateSync(database, 0);
  writeFileSync(database, Buffer.alloc(size, 'no longer SQLite '));
  await daemon.launch();
  await until('it watches and stores again', async () => (await commits(daemon)).length > 0);
  await until('its log names the damaged one', () => /set aside/.test(daemon.log()));
  assert.ok(readdirSync(daemon.dataDir).length > databases(daemon).length, 'the damaged file was kept');
});

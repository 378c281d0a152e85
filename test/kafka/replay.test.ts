/** What tidemark says live, and what its own records say of the same cluster afterwards. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Transition } from '../../src/model/finding.ts';
import { Daemon } from '../support/daemon.ts';
import { scaledSettings } from '../support/scaled-settings.ts';
import { testKafka } from '../support/test-kafka.ts';
import { tidemark } from '../support/tidemark-command.ts';
import { until } from '../support/until.ts';

const kafka = await testKafka();
after(() => kafka[Symbol.asyncDispose]());

const settings = {
  ...scaledSettings,
  findings: {
    'lost-data': { keepFor: '3s' },
    // Kafka's disks are the machine's: whatever their room, the finding is there.
    'disk-filling': { warningRatio: 0, criticalRatio: 1, raiseAfter: '3s' },
  },
  groups: { include: [`${kafka.prefix}*`] },
  topics: { include: [`${kafka.prefix}*`] },
};

/** `tidemark record`, until it is disposed: it then ends as at Ctrl-C. */
async function recordTo(file: string, configFile: string): Promise<AsyncDisposable> {
  const child = spawn('node', ['src/main.ts', 'record', '--config', configFile, '--output', file], {
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  await until('it records', () => readFileSync(file, 'utf8').includes('\n'));
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      assert.deepEqual(await exited, [0, null]);
    },
  };
}

async function live(daemon: Daemon): Promise<Transition[]> {
  const { transitions } = await daemon.api<{ transitions: Transition[] }>('/events?limit=1000');
  return transitions.toReversed();
}

function printed(stdout: string): Transition[] {
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Transition]));
}

/** What was said of whom. Not in its order: what the first poll shows may come a poll later, as below. */
function told(transitions: readonly Transition[]): string[] {
  const lines = transitions.map(({ type, code, severity, groupId, topic, partition, brokerId, logDir }) =>
    [type, code, severity, groupId, topic, partition, brokerId, logDir].join(' '),
  );
  return lines.sort();
}

/** When that was said that begins after the start: what the first poll shows is judged again as its questions are answered. */
function losses(transitions: readonly Transition[]): string[] {
  const lost = transitions.filter(({ code }) => code === 'lost-data');
  return lost.map(({ type, atMs, id }) => [type, atMs, id].join(' '));
}

test('replay says of what was stored, and of what was recorded, what the daemon said live', async () => {
  const topic = await kafka.createTopic('replayed');
  const [loser, healthy] = [kafka.name('loser'), kafka.name('healthy')];
  await kafka.produce(topic, 100);
  await kafka.commit(loser, { [topic]: { 0: 5 } });
  await using daemon = await Daemon.start({ bootstrapServers: kafka.bootstrapServers, settings });
  const trace = join(daemon.dataDir, 'trace.jsonl');
  const says = (what: string, type: Transition['type'], code: string) =>
    until(what, async () => (await live(daemon)).some((one) => one.type === type && one.code === code), {
      withinMs: 120_000,
    });
  {
    await using _recording = await recordTo(trace, daemon.configFile);
    await using _member = await kafka.join(healthy, [topic]);
    await kafka.deleteRecords(topic, 0, 20);
    await says('records are lost', 'raised', 'lost-data');
    await says('a disk is as full as it may be', 'raised', 'disk-filling');
    const polls = () => readFileSync(trace, 'utf8').split('\n').length;
    const untilPolled = (times: number) => {
      const before = polls();
      return until(`${times} polls more are recorded`, () => polls() > before + times);
    };
    // The recorder shall have seen it, too; its first poll from here on was under way.
    await untilPolled(2);
    await kafka.commit(loser, { [topic]: { 0: 20 } });
    await says('what is lost is no news any more', 'cleared', 'lost-data');
    await untilPolled(20);
  }

  // What the daemon says while its store is read, may or may not stand there yet.
  const { stored, said } = await until('the store is replayed while nothing new is said', async () => {
    const said = await live(daemon);
    const stored = await tidemark(['replay', '--config', daemon.configFile, '--from-store', daemon.dataDir]);
    return (await live(daemon)).length === said.length ? { stored, said } : undefined;
  });
  assert.equal(stored.status, 0, stored.stderr);
  assert.deepEqual(told(printed(stored.stdout)), told(said));
  assert.deepEqual(losses(printed(stored.stdout)), losses(said));

  const recorded = await tidemark(['replay', '--config', daemon.configFile, trace]);
  assert.deepEqual([recorded.status, recorded.stderr], [0, '']);
  const raised = (transitions: readonly Transition[]) =>
    told(transitions.filter(({ code, type }) => code === 'lost-data' && type === 'raised'));
  assert.deepEqual(raised(printed(recorded.stdout)), raised(said));
});

/**
 * A process that does nothing but commit cycles, for store-kill.test.ts: goes on where the store ends, and prints each cycle's
 * number once its commit has returned. Finding n is raised in cycle n, and told again, with the same ID, in cycle n + 1.
 */

import { writeSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { openStore } from '../../src/store/store.ts';
import { FakeCluster, raised } from '../unit/store/fake-cluster.ts';
import { keepAll, startMs } from '../unit/store/temporary-store.ts';

const store = openStore(argv[2]!, {
  settings: keepAll,
  notify: (notice) => {
    throw notice;
  },
});
const topics = Array.from({ length: 20 }, (_, i) => ({ topic: `t${i}`, topicId: `id-${i}`, partitions: 50 }));
const groups = Array.from({ length: 20 }, (_, i) => ({ groupId: `g${i}`, topics: [`t${i}`, `t${(i + 1) % 20}`] }));
const fake = new FakeCluster({ topics, groups });
const atMsOf = (n: number) => startMs + n * 15_000;

const last = store.load('c1').memory?.atMs;
for (let n = last === undefined ? 0 : 1 + (last - startMs) / 15_000; ; n++) {
  fake.readAll(atMsOf(n));
  fake.report.groups.lag.fill(n);
  fake.report.series.committedOffset.fill(n * 1_000_003);
  fake.report.series.lag.fill(n);
  const transitions = [n - 1, n].filter((of) => of >= 0).map((of) => raised(`f${of}`, atMsOf(of)));
  const memory = {
    atMs: atMsOf(n),
    findings: [],
    groupTopics: [],
    groups: [],
    topics: [],
    readers: [],
    findingsRaised: [['stalled', n] as const],
  };
  store.commit(fake.cycle(atMsOf(n), { transitions, memory }));
  // Straight to the descriptor: a line that waits in this process would be lost with it.
  writeSync(stdout.fd, `${n}\n`);
}

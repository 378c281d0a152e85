import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { ClusterMonitor } from '../../src/cluster-monitor.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ReportBoard } from '../../src/http/report-board.ts';
import type { Answer, KafkaPort } from '../../src/kafka/port.ts';
import { Exposition } from '../../src/metrics/exposition.ts';
import { SelfMetrics } from '../../src/metrics/self-metrics.ts';
import { TidemarkError } from '../../src/model/errors.ts';
import type { Cycle, Store, StoredCluster } from '../../src/store/store.ts';

const intervalMs = 2_000;

/** A cluster of one broker and one topic that can be out of reach, or slow. */
class FakeKafka implements Partial<KafkaPort> {
  readonly supports = new Set(['cluster', 'end-offsets'] as const);
  readonly traffic = new Map([['Metadata', { requests: 0, receivedBytes: 0 }]]);
  reachable = true;
  /** Resolves when the cluster may answer. */
  gate: Promise<void> = Promise.resolve();
  disposed = false;

  async clusterAccess() {
    this.#assertReachable();
    return { clusterId: 'kafka-id', maySeeEverything: true };
  }

  async clusterState() {
    this.traffic.get('Metadata')!.requests++;
    await this.gate;
    this.#assertReachable();
    const partition = {
      partition: 0,
      leader: 1,
      leaderEpoch: 0,
      replicas: [1],
      inSyncReplicas: [1],
      addingReplicas: [],
    };
    const topics = [{ topic: 'orders', topicId: 'id', partitions: [partition] }];
    const brokers = [{ brokerId: 1, host: 'b', port: 9092, rack: null }];
    return answer({ clusterId: 'kafka-id', brokers, topics });
  }

  async reassignments() {
    return answer([]);
  }

  async unknownTopics() {
    return answer([]);
  }

  async endOffsets() {
    this.#assertReachable();
    return answer([{ topic: 'orders', partitions: [0], highWatermarks: [7], lastStableOffsets: [7] }]);
  }

  async [Symbol.asyncDispose]() {
    this.disposed = true;
  }

  #assertReachable(): void {
    if (!this.reachable) throw new TidemarkError('upstream.unreachable', 'nobody answers at b:9092');
  }
}

function answer<T>(value: T): Answer<T> {
  return { value, brokers: { 1: 1_000 }, failures: [] };
}

/** Keeps what was committed; can be full. */
class FakeStore implements Partial<Store> {
  readonly committed: Cycle[] = [];
  readonly loaded: string[] = [];
  stored: StoredCluster = { discovery: null, memory: null, snapshots: [] };
  full = false;

  load(cluster: string) {
    this.loaded.push(cluster);
    return this.stored;
  }

  commit(cycle: Cycle) {
    if (this.full) throw new TidemarkError('store.write-failed', 'the disk is full');
    this.committed.push(cycle);
  }

  sizeBytes() {
    return 4_096;
  }
}

function setUp({ name, board = new ReportBoard() }: { name?: string; board?: ReportBoard } = { name: 'c' }) {
  const config = loadConfig({
    cluster: { bootstrapServers: 'b:9092', ...(name !== undefined && { name }) },
    flags: [{ path: ['interval'], text: `${intervalMs}ms`, source: 'test' }],
  });
  const clock = { nowMs: 1_700_000_000_000, wallMs: () => clock.nowMs, monotonicMs: () => clock.nowMs };
  const kafka = new FakeKafka();
  /** Each look at the clock of the CPU costs a second. */
  const cpu = { seconds: 0 };
  const store = new FakeStore();
  const self = new SelfMetrics({ version: 'test', nodeVersion: 'test', clusterLabel: 'kafka_cluster' });
  const slot = board.add({ name: name ?? 'b:9092', bootstrap: 'b:9092', intervalMs });
  const options = {
    clusterLabel: 'kafka_cluster',
    findingCodes: [],
    sampleBudget: 1_000,
    detail: 'joined',
    self,
  } as const;
  const samples = new Exposition({ ...options, log: () => {} }).add(slot.name);
  const reportBug = (_where: string, error: unknown) => {
    throw error;
  };
  const monitor = new ClusterMonitor({
    ...{
      config,
      cluster: config.clusters[0]!,
      clock,
      self,
      slot,
      samples,
      reportBug,
      recorder: 'test',
      cpuSeconds: () => cpu.seconds++,
    },
    kafka: kafka as unknown as KafkaPort,
    store: store as unknown as Store,
    log: pino({ enabled: false }),
  });
  /** One cycle, an interval after the last one. */
  const cycle = async () => {
    clock.nowMs += intervalMs;
    monitor.tick();
    await monitor.idle();
  };
  const selfText = () => self.registry.metrics();
  return { kafka, store, slot, monitor, clock, cycle, selfText };
}

function cpuByPart(text: string): Map<string, number> {
  const samples = text.matchAll(/^tidemark_cycle_cpu_seconds_total\{.*part="(\w+)"\} (\d+)$/gm);
  return new Map([...samples].map(([, part, seconds]) => [part!, Number(seconds)]));
}

describe('a monitor of one cluster', () => {
  it('collects, judges, commits and publishes', async () => {
    const { store, slot, cycle, monitor } = setUp();
    await cycle();
    assert.equal(slot.view?.report.cluster, 'c');
    assert.equal(slot.view.report.counts.partitions, 1);
    assert.equal(slot.problem, null);
    assert.deepEqual(slot.store, { sizeBytes: 4_096, error: null });
    assert.equal(store.committed[0]?.snapshot.cluster, 'c');
    await monitor[Symbol.asyncDispose]();
  });

  it('counts the CPU time of each part of a cycle', async () => {
    const { cycle, selfText } = setUp();
    // The first cycle asks about the past in rounds.
    await cycle();
    const before = cpuByPart(await selfText());
    await cycle();
    const after = cpuByPart(await selfText());
    const used = [...after].map(([part, seconds]) => [part, seconds - (before.get(part) ?? 0)]);
    // The engine tells where each of its parts begins, the first one too.
    assert.deepEqual(Object.fromEntries(used), { kafka: 1, ingest: 2, measures: 1, rules: 1, store: 1, render: 1 });
  });

  it('publishes although the cycle could not be stored, and says so', async () => {
    const { store, slot, cycle, selfText } = setUp();
    store.full = true;
    await cycle();
    assert.deepEqual(slot.store, { sizeBytes: 4_096, error: 'the disk is full' });
    assert.equal(slot.view?.report.counts.partitions, 1);
    assert.match(await selfText(), /tidemark_store_errors_total\{kafka_cluster="c"\} 1/);
    store.full = false;
    await cycle();
    assert.equal(slot.store?.error, null);
  });

  it('says that the cluster cannot be reached, keeps its data, and goes on when it is back', async () => {
    const { kafka, slot, cycle } = setUp();
    await cycle();
    kafka.reachable = false;
    await cycle();
    assert.equal(slot.problem, 'nobody answers at b:9092');
    assert.equal(slot.view?.report.reachable, false);
    assert.equal(slot.view.report.counts.partitions, 1);
    kafka.reachable = true;
    await cycle();
    assert.equal(slot.problem, null);
    assert.equal(slot.view.report.reachable, true);
  });

  it('calls a cluster without a name by the ID that Kafka gives it, as soon as it is told', async () => {
    const { kafka, store, slot, cycle } = setUp({});
    kafka.reachable = false;
    await cycle();
    assert.equal(slot.name, 'b:9092');
    assert.deepEqual([store.loaded, store.committed], [[], []], 'nothing is stored under a name that may be wrong');
    kafka.reachable = true;
    await cycle();
    assert.equal(slot.name, 'kafka-id');
    assert.deepEqual(store.loaded, ['kafka-id']);
    assert.equal(store.committed[0]?.snapshot.cluster, 'kafka-id');
  });

  it('refuses a cluster that another entry watches already, until that one is gone', async () => {
    const board = new ReportBoard();
    const first = setUp({ board });
    const second = setUp({ board });
    await Promise.all([first.cycle(), second.cycle()]);
    assert.equal(first.slot.problem, null);
    assert.match(second.slot.problem!, /is the cluster kafka-id, which is watched already \(by b:9092\): remove one/);
    assert.deepEqual([second.store.loaded, second.slot.view], [[], null]);
    board.remove(first.slot);
    await second.cycle();
    assert.deepEqual([second.slot.problem, second.slot.name], [null, 'kafka-id']);
  });

  it('takes back what an earlier process left before its first answer', async () => {
    const first = setUp();
    first.kafka.reachable = false;
    for (let cycles = 0; cycles < 5; cycles++) await first.cycle();
    const finding = first.slot.view?.report.findings.find(({ code }) => code === 'cluster-unreachable');
    assert.ok(finding);
    const second = setUp();
    second.clock.nowMs = first.clock.nowMs;
    second.kafka.reachable = false;
    const { memory, discovery } = first.store.committed.at(-1)!;
    second.store.stored = { memory, discovery, snapshots: [] };
    await second.cycle();
    assert.deepEqual(
      second.slot.view?.report.findings.map(({ id }) => id),
      first.slot.view?.report.findings.map(({ id }) => id),
    );
  });
});

describe('a cycle', () => {
  it('starts at the tick nearest to its time, whatever the ticks in between', async () => {
    const { slot, monitor, clock } = setUp();
    const begun: number[] = [];
    const startMs = clock.nowMs;
    for (const atMs of [0, 1_003, 1_998, 3_001, 4_100, 5_002, 5_990]) {
      clock.nowMs = startMs + atMs;
      monitor.tick();
      await monitor.idle();
      begun.push(slot.begunAtMs! - startMs);
    }
    assert.deepEqual(begun, [0, 0, 1_998, 1_998, 4_100, 4_100, 5_990]);
  });

  it('that is due while one runs is skipped and counted', async () => {
    const { kafka, slot, monitor, clock, selfText } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    kafka.gate = promise;
    monitor.tick();
    for (let tick = 0; tick < 3; tick++) {
      clock.nowMs += intervalMs;
      monitor.tick();
    }
    assert.equal(slot.cyclesEnded, 0);
    resolve();
    await monitor.idle();
    assert.equal(slot.cyclesEnded, 1);
    assert.match(await selfText(), /tidemark_cycles_skipped_total\{kafka_cluster="c"\} 3/);
  });

  it('that is cut off by the end of the daemon leaves no trace', async () => {
    const { kafka, slot, store, monitor } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    kafka.gate = promise;
    monitor.tick();
    const disposed = monitor[Symbol.asyncDispose]();
    resolve();
    await disposed;
    assert.deepEqual(store.committed, []);
    assert.equal(slot.view, null);
    assert.equal(kafka.disposed, true);
    monitor.tick();
    assert.equal(slot.cyclesEnded, 0);
  });

  it('counts what was asked of Kafka', async () => {
    const { cycle, selfText } = setUp();
    await cycle();
    await cycle();
    assert.match(await selfText(), /tidemark_kafka_requests_total\{kafka_cluster="c",api="Metadata"\} 2/);
  });
});

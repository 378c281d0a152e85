import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Age } from '../../../src/model/report.ts';
import { linesOf } from '../../support/exposition-fixture.ts';
import {
  makeBroker,
  makeFinding,
  makeLogDir,
  makeReport,
  type PartitionFixture,
} from '../../support/report-fixture.ts';

/** Rows in, expected text out. */
async function exposes(fixture: Parameters<typeof makeReport>[0], prefix: string, expected: readonly string[]) {
  assert.deepEqual(await linesOf(makeReport(fixture), prefix, { findingCodes: ['stalled', 'lost-data'] }), expected);
}

const plain: PartitionFixture = { replicas: 3, inSyncReplicas: 3, addingReplicas: 0 };

describe('families of a group on a partition', () => {
  const topics = [{ topic: 'orders', partitions: [plain, plain] }];

  it('hold offset, lag, time lag and time to loss, and leave out what is unknown', async () => {
    const series = [
      {
        topic: 'orders',
        partition: 0,
        committedOffset: 1200,
        lag: 34,
        timeLagSeconds: 3.40049,
        timeToLossEarliestSeconds: 2460,
      },
      { topic: 'orders', partition: 1, timeLagSeconds: 0 },
    ];
    await exposes({ topics, groups: [{ groupId: 'billing', series }] }, 'tidemark_group_partition', [
      'tidemark_group_partition_committed_offset{kafka_cluster="c1",group="billing",topic="orders",partition="0"} 1200',
      'tidemark_group_partition_lag_records{kafka_cluster="c1",group="billing",topic="orders",partition="0"} 34',
      'tidemark_group_partition_lag_seconds{kafka_cluster="c1",group="billing",topic="orders",partition="0"} 3.4',
      'tidemark_group_partition_lag_seconds{kafka_cluster="c1",group="billing",topic="orders",partition="1"} 0',
      'tidemark_group_partition_time_to_loss_seconds{kafka_cluster="c1",group="billing",topic="orders",partition="0"} 2460',
    ]);
  });

  it('leave out rows that are stale', async () => {
    const series = [
      { topic: 'orders', partition: 0, lag: 1, codes: { age: 'stale' } },
      { topic: 'orders', partition: 1, lag: 2 },
    ];
    await exposes({ topics, groups: [{ groupId: 'billing', series }] }, 'tidemark_group_partition', [
      'tidemark_group_partition_lag_records{kafka_cluster="c1",group="billing",topic="orders",partition="1"} 2',
    ]);
  });

  it('print large offsets exactly', async () => {
    const series = [{ topic: 'orders', partition: 0, committedOffset: 2 ** 53 - 1, lag: 2 ** 31 }];
    await exposes({ topics, groups: [{ groupId: 'g', series }] }, 'tidemark_group_partition', [
      'tidemark_group_partition_committed_offset{kafka_cluster="c1",group="g",topic="orders",partition="0"} 9007199254740991',
      'tidemark_group_partition_lag_records{kafka_cluster="c1",group="g",topic="orders",partition="0"} 2147483648',
    ]);
  });
});

describe('families of a partition', () => {
  it('hold both ends of the log', async () => {
    const partitions = [
      { ...plain, logStartOffset: 7, highWatermark: 1234 },
      { ...plain, age: 'stale' as const, logStartOffset: 1 },
    ];
    await exposes({ topics: [{ topic: 'orders', partitions }] }, 'tidemark_partition', [
      'tidemark_partition_end_offset{kafka_cluster="c1",topic="orders",partition="0"} 1234',
      'tidemark_partition_log_start_offset{kafka_cluster="c1",topic="orders",partition="0"} 7',
    ]);
  });
});

describe('families of a group and topic', () => {
  it('hold sums, worst cases, counters and the trend as a set', async () => {
    const read = {
      topic: 'orders',
      lag: 40,
      maxLag: 34,
      maxTimeLagSeconds: 3.4,
      lagGrowthPerSecond: -0.25,
      timeToDrainSeconds: 12,
      retentionUsedRatio: 0.01,
      uncommittedPartitions: 1,
      commitDelaySeconds: 1.25,
      lastProgressMs: 1_700_000_000_500,
      committedRecords: 9000,
      lostRecords: 0,
      lagTrend: 'falling' as const,
    };
    const groups = [{ groupId: 'billing', topics: [read] }];
    const labels = '{kafka_cluster="c1",group="billing",topic="orders"';
    await exposes({ topics: [{ topic: 'orders', partitions: [plain] }], groups }, 'tidemark_group_topic', [
      `tidemark_group_topic_lag_records${labels}} 40`,
      `tidemark_group_topic_max_lag_records${labels}} 34`,
      `tidemark_group_topic_max_lag_seconds${labels}} 3.4`,
      `tidemark_group_topic_lag_growth_records_per_second${labels}} -0.25`,
      `tidemark_group_topic_lag_trend${labels},trend="rising"} 0`,
      `tidemark_group_topic_lag_trend${labels},trend="falling"} 1`,
      `tidemark_group_topic_lag_trend${labels},trend="steady"} 0`,
      `tidemark_group_topic_lag_trend${labels},trend="insufficient-data"} 0`,
      `tidemark_group_topic_committed_records_total${labels}} 9000`,
      `tidemark_group_topic_time_to_drain_seconds${labels}} 12`,
      `tidemark_group_topic_retention_used_ratio${labels}} 0.01`,
      `tidemark_group_topic_lost_records_total${labels}} 0`,
      `tidemark_group_topic_uncommitted_partitions${labels}} 1`,
      `tidemark_group_topic_commit_delay_seconds${labels}} 1.25`,
      `tidemark_group_topic_last_progress_timestamp_seconds${labels}} 1700000000.5`,
    ]);
  });

  it('leave when their group is stale', async () => {
    const groups = [{ groupId: 'billing', age: 'stale' as const, topics: [{ topic: 'orders', lag: 40 }] }];
    await exposes({ topics: [{ topic: 'orders', partitions: [plain] }], groups }, 'tidemark_group_topic', []);
  });
});

describe('families of a group', () => {
  it('say what it is, how it stands, and who owns it', async () => {
    const group = {
      groupId: 'billing',
      assignor: 'range',
      coordinatorId: 2,
      state: 'Stable',
      outlook: 'loses-first' as const,
      members: 3,
      idleMembers: 0,
      rebalances: 4,
      rebalancingSeconds: 1.5,
      commitsReadAtMs: 1_700_000_000_000,
      policy: { team: 'money', sloLagSeconds: 60 },
    };
    const labels = '{kafka_cluster="c1",group="billing"';
    await exposes({ groups: [group] }, 'tidemark_group_', [
      `tidemark_group_info${labels},type="classic",assignor="range",coordinator="2"} 1`,
      `tidemark_group_owner_info${labels},team="money"} 1`,
      `tidemark_group_state${labels},state="Stable"} 1`,
      `tidemark_group_state${labels},state="Empty"} 0`,
      `tidemark_group_state${labels},state="PreparingRebalance"} 0`,
      `tidemark_group_state${labels},state="CompletingRebalance"} 0`,
      `tidemark_group_state${labels},state="Assigning"} 0`,
      `tidemark_group_state${labels},state="Reconciling"} 0`,
      `tidemark_group_state${labels},state="Dead"} 0`,
      `tidemark_group_outlook${labels},outlook="keeps-up"} 0`,
      `tidemark_group_outlook${labels},outlook="drains-before-loss"} 0`,
      `tidemark_group_outlook${labels},outlook="insufficient-data"} 0`,
      `tidemark_group_outlook${labels},outlook="loses-first"} 1`,
      `tidemark_group_outlook${labels},outlook="losing"} 0`,
      `tidemark_group_members${labels}} 3`,
      `tidemark_group_idle_members${labels}} 0`,
      `tidemark_group_rebalances_total${labels}} 4`,
      `tidemark_group_rebalancing_seconds_total${labels}} 1.5`,
      `tidemark_group_slo_lag_seconds${labels}} 60`,
      `tidemark_group_last_read_timestamp_seconds${labels}} 1700000000`,
    ]);
  });

  it('that is stale keep what it is and when it was read', async () => {
    const group = {
      groupId: 'g',
      age: 'stale' as const,
      members: 3,
      outlook: 'losing' as const,
      commitsReadAtMs: 5000,
    };
    await exposes({ groups: [group] }, 'tidemark_group_', [
      'tidemark_group_info{kafka_cluster="c1",group="g",type="classic"} 1',
      'tidemark_group_last_read_timestamp_seconds{kafka_cluster="c1",group="g"} 5',
    ]);
  });

  it('are counted by whether they were read', async () => {
    const groups = [{ groupId: 'a' }, { groupId: 'b', age: 'stale' as const }, { groupId: 'c', age: null }];
    await exposes({ groups }, 'tidemark_groups', [
      'tidemark_groups{kafka_cluster="c1",read="yes"} 1',
      'tidemark_groups{kafka_cluster="c1",read="no"} 2',
    ]);
  });
});

describe('families of findings', () => {
  const stalled = makeFinding({ code: 'stalled', groupId: 'billing', team: 'money', sinceMs: 1_699_999_940_500 });
  const labels = '{kafka_cluster="c1",code="stalled",severity="warning",team="money",group="billing"}';

  it('hold an open one, and count each code, 0 too', async () => {
    await exposes({ findings: [stalled], findingsRaised: { stalled: 3 } }, 'tidemark_finding', [
      `tidemark_finding${labels} 1`,
      `tidemark_finding_since_timestamp_seconds${labels} 1699999940.5`,
      'tidemark_findings{kafka_cluster="c1",code="stalled",severity="info"} 0',
      'tidemark_findings{kafka_cluster="c1",code="stalled",severity="warning"} 1',
      'tidemark_findings{kafka_cluster="c1",code="stalled",severity="critical"} 0',
      'tidemark_findings{kafka_cluster="c1",code="lost-data",severity="info"} 0',
      'tidemark_findings{kafka_cluster="c1",code="lost-data",severity="warning"} 0',
      'tidemark_findings{kafka_cluster="c1",code="lost-data",severity="critical"} 0',
      'tidemark_findings_raised_total{kafka_cluster="c1",code="stalled"} 3',
      'tidemark_findings_raised_total{kafka_cluster="c1",code="lost-data"} 0',
    ]);
  });

  it('name one that is explained by its cause only', async () => {
    const explained = { ...stalled, cause: { code: 'offline-partition', id: 'x' } };
    const lines = await linesOf(makeReport({ findings: [explained] }), 'tidemark_finding');
    assert.deepEqual(lines, [
      'tidemark_findings_explained{kafka_cluster="c1",code="stalled",cause="offline-partition"} 1',
    ]);
  });

  it('keep silent on one that a policy mutes', async () => {
    assert.deepEqual(await linesOf(makeReport({ findings: [{ ...stalled, muted: true }] }), 'tidemark_finding'), []);
  });

  it('are never written twice with the same labels', async () => {
    const ofNamesake = { ...stalled, id: 'other', topicId: 'before' };
    const lines = await linesOf(makeReport({ findings: [stalled, ofNamesake] }), 'tidemark_finding{');
    assert.deepEqual(lines, [`tidemark_finding${labels} 1`]);
  });
});

describe('families of a topic', () => {
  it('hold identity, health of replicas, size and retention; no limit writes nothing', async () => {
    const partitions: PartitionFixture[] = [
      { ...plain, sizeBytes: 100 },
      { ...plain, offline: true },
      { ...plain, inSyncReplicas: 2 },
      { ...plain, inSyncReplicas: 1 },
      { ...plain, replicas: 4, addingReplicas: 1 },
    ];
    const config = {
      retentionMs: 604_800_000,
      retentionBytes: -1,
      cleanupPolicy: ['compact', 'delete'],
      minInSyncReplicas: 2,
    };
    await exposes(
      { topics: [{ topic: 'orders', topicId: 'q8', config, producedRecords: 12, partitions }] },
      'tidemark_topic',
      [
        'tidemark_topic_info{kafka_cluster="c1",topic="orders",topic_id="q8",cleanup_policy="compact,delete",replication_factor="3"} 1',
        'tidemark_topic_partitions{kafka_cluster="c1",topic="orders"} 5',
        'tidemark_topic_offline_partitions{kafka_cluster="c1",topic="orders"} 1',
        'tidemark_topic_under_replicated_partitions{kafka_cluster="c1",topic="orders"} 2',
        'tidemark_topic_under_min_isr_partitions{kafka_cluster="c1",topic="orders"} 1',
        'tidemark_topic_at_min_isr_partitions{kafka_cluster="c1",topic="orders"} 1',
        'tidemark_topic_produced_records_total{kafka_cluster="c1",topic="orders"} 12',
        'tidemark_topic_size_bytes{kafka_cluster="c1",topic="orders"} 100',
        'tidemark_topic_retention_seconds{kafka_cluster="c1",topic="orders"} 604800',
      ],
    );
  });

  it('hold the age of the oldest open transaction, once a second read has shown it', async () => {
    const open = (openTransactionSinceMs: number, age: Age = 'current') => ({
      ...plain,
      openTransactionSinceMs,
      endReadAtMs: 1_000_900,
      age,
    });
    const ageOf = (...partitions: PartitionFixture[]) =>
      linesOf(
        makeReport({ topics: [{ topic: 'orders', partitions }], atMs: 1_001_000, monotonicMs: 60_000 }),
        'tidemark_topic_open_transaction_age_seconds',
      );
    assert.deepEqual(await ageOf(plain, open(14_900), open(29_900)), [
      'tidemark_topic_open_transaction_age_seconds{kafka_cluster="c1",topic="orders"} 45',
    ]);
    assert.deepEqual(await ageOf(open(59_900), open(14_900, 'stale')), []);
  });
});

describe('families of cluster and brokers', () => {
  it('hold who lives, what they carry, and how collectors fare', async () => {
    const brokers = [
      makeBroker({
        brokerId: 1,
        rack: 'a',
        leaders: 4,
        replicas: 9,
        logDirs: [makeLogDir(), makeLogDir({ path: '/old', age: 'stale' })],
      }),
      makeBroker({ brokerId: 2, up: false, replicas: 9 }),
    ];
    const collectors = [
      {
        collector: 'cluster' as const,
        startedAtMs: 1,
        durationMs: 12.5,
        outcome: 'ok' as const,
        everyMs: 15_000,
        lastSuccessMs: 1_700_000_000_000,
        failingPolls: 0,
        failures: [],
      },
    ];
    const report = makeReport({ brokers, collectors });
    const lines = [...(await linesOf(report, 'tidemark_cluster')), ...(await linesOf(report, 'tidemark_broker'))];
    assert.deepEqual(lines, [
      'tidemark_cluster_info{kafka_cluster="c1",cluster_id="cluster-id-1"} 1',
      'tidemark_cluster_reachable{kafka_cluster="c1"} 1',
      'tidemark_brokers{kafka_cluster="c1"} 1',
      'tidemark_broker_up{kafka_cluster="c1",broker="1"} 1',
      'tidemark_broker_up{kafka_cluster="c1",broker="2"} 0',
      'tidemark_broker_info{kafka_cluster="c1",broker="1",rack="a"} 1',
      'tidemark_broker_info{kafka_cluster="c1",broker="2"} 1',
      'tidemark_broker_replicas{kafka_cluster="c1",broker="1"} 9',
      'tidemark_broker_replicas{kafka_cluster="c1",broker="2"} 9',
      'tidemark_broker_leaders{kafka_cluster="c1",broker="1"} 4',
      'tidemark_broker_leaders{kafka_cluster="c1",broker="2"} 0',
    ]);
    assert.deepEqual(await linesOf(report, 'tidemark_log_dir'), [
      'tidemark_log_dir_total_bytes{kafka_cluster="c1",broker="1",log_dir="/d0"} 1000000000000',
      'tidemark_log_dir_usable_bytes{kafka_cluster="c1",broker="1",log_dir="/d0"} 400000000000',
    ]);
    assert.deepEqual(await linesOf(report, 'tidemark_collector'), [
      'tidemark_collector_last_success_timestamp_seconds{kafka_cluster="c1",collector="cluster"} 1700000000',
      'tidemark_collector_duration_seconds{kafka_cluster="c1",collector="cluster"} 0.013',
    ]);
  });
});

describe('families of the metadata quorum', () => {
  const quorum = {
    leaderId: 1,
    leaderEpoch: 7,
    leaderChanges: 3,
    leaderChangesLastHour: 1,
    age: 'current' as const,
    voters: [
      { brokerId: 1, lag: 0, fallingSeconds: 0, silentSeconds: 0 },
      { brokerId: 9, lag: null, fallingSeconds: 0, silentSeconds: 30 },
      { brokerId: 3, lag: 12, fallingSeconds: 0, silentSeconds: 1 },
    ],
  };

  it('count its leaders, and tell how far each voter is behind where that is known', async () => {
    assert.deepEqual(await linesOf(makeReport({ quorum }), 'tidemark_quorum'), [
      'tidemark_quorum_leader_changes_total{kafka_cluster="c1"} 3',
      'tidemark_quorum_voter_lag_records{kafka_cluster="c1",voter="1"} 0',
      'tidemark_quorum_voter_lag_records{kafka_cluster="c1",voter="3"} 12',
    ]);
  });

  it('keep the count and write no lag of what is old; without a quorum they write nothing', async () => {
    assert.deepEqual(await linesOf(makeReport({ quorum: { ...quorum, age: 'stale' } }), 'tidemark_quorum'), [
      'tidemark_quorum_leader_changes_total{kafka_cluster="c1"} 3',
    ]);
    assert.deepEqual(await linesOf(makeReport({}), 'tidemark_quorum'), []);
  });
});

describe('a cluster that does not answer', () => {
  const partition = (age: 'current' | 'stale') => ({ ...plain, age, highWatermark: 9 });
  const unreachable = (age: 'current' | 'stale') =>
    makeReport({
      reachable: false,
      topics: [{ topic: 'orders', partitions: [partition(age)] }],
      brokers: [makeBroker({ brokerId: 1, rack: 'a' })],
    });
  const names = async (report: ReturnType<typeof makeReport>) =>
    (await linesOf(report, 'tidemark_')).map((line) => line.split('{')[0]);

  it('keeps what was read of it until that is stale', async () => {
    const kept = await names(unreachable('current'));
    for (const name of ['tidemark_brokers', 'tidemark_broker_up', 'tidemark_topic_offline_partitions']) {
      assert.ok(kept.includes(name), name);
    }
  });

  it('then has only what it is', async () => {
    const left = await names(unreachable('stale'));
    for (const name of [
      'tidemark_brokers',
      'tidemark_broker_up',
      'tidemark_topic_offline_partitions',
      'tidemark_reassigning_partitions',
    ]) {
      assert.ok(!left.includes(name), name);
    }
    for (const name of ['tidemark_cluster_reachable', 'tidemark_broker_info', 'tidemark_topic_info']) {
      assert.ok(left.includes(name), name);
    }
  });

  it('and was never read has no brokers rather than 0, and no identity', async () => {
    const lines = await linesOf(makeReport({ reachable: false, clusterId: null }), 'tidemark_');
    const ofCluster = lines.filter((line) => /^tidemark_(cluster|broker|reassigning|topic)/.test(line));
    assert.deepEqual(ofCluster, ['tidemark_cluster_reachable{kafka_cluster="c1"} 0']);
  });

  it('keeps the topic whose partitions are all offline while its brokers answer', async () => {
    const report = makeReport({
      topics: [{ topic: 'orders', partitions: [{ ...partition('stale'), offline: true }] }],
    });
    assert.deepEqual(await linesOf(report, 'tidemark_topic_offline'), [
      'tidemark_topic_offline_partitions{kafka_cluster="c1",topic="orders"} 1',
    ]);
  });
});

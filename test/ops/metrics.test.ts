import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { Page } from '../../src/metrics/catalogue.ts';
import { makeExposition, textOf } from '../support/exposition-fixture.ts';
import { bulkReport, makeBroker, makeFinding, makeLogDir, makeReport } from '../support/report-fixture.ts';

/** What the real promtool says of an exposition: its exit status, and every complaint. */
function promtoolCheck(text: string): { status: number | null; complaints: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (error) throw new Error(`promtool cannot be run: install Debian's package prometheus (${error.message})`);
  return { status, complaints: stdout + stderr };
}

const bulk = bulkReport({ topics: 4, partitions: 10, groups: 20, seriesPerGroup: 20 });
const openTransaction = { openTransactionSinceMs: 0, endReadAtMs: 1_700_000_000_000 };
/** A report in which every family has a sample. */
const rich = makeReport({
  cluster: 'a "rich" \\ one',
  topics: [
    {
      topic: 'orders',
      producedRecords: 1,
      config: { retentionMs: 1000, retentionBytes: 1000, cleanupPolicy: ['delete'], minInSyncReplicas: 2 },
      partitions: [
        { highWatermark: 10, logStartOffset: 1, replicas: 3, inSyncReplicas: 2, sizeBytes: 9, ...openTransaction },
      ],
    },
  ],
  groups: [
    {
      groupId: 'billing\n',
      outlook: 'loses-first',
      members: 1,
      idleMembers: 1,
      rebalances: 1,
      rebalancingSeconds: 0.5,
      commitsReadAtMs: 1,
      policy: { team: 'é', tier: '1', sloLagSeconds: 5 },
      series: [
        { topic: 'orders', partition: 0, committedOffset: 1, lag: 9, timeLagSeconds: 2, timeToLossEarliestSeconds: 3 },
      ],
      topics: [{ topic: 'orders', lag: 9, timeToDrainSeconds: 1, timeToLossEarliestSeconds: 3, lagTrend: 'rising' }],
    },
  ],
  brokers: [
    makeBroker({ brokerId: 1, rack: 'r', logDirs: [makeLogDir({ path: '/d', totalBytes: 2, usableBytes: 1 })] }),
  ],
  findings: [
    makeFinding({ code: 'stalled', groupId: 'billing\n' }),
    makeFinding({
      code: 'under-replicated',
      topic: 'orders',
      partition: 0,
      cause: { code: 'broker-missing', id: 'x' },
    }),
  ],
  findingsRaised: { stalled: 1 },
});

describe('promtool', () => {
  for (const { title, pages } of [
    { title: '/metrics', pages: ['main'] },
    { title: '/metrics/partitions', pages: ['detail'] },
    { title: '/metrics?detail=partition', pages: ['main', 'detail'] },
  ] as { title: string; pages: Page[] }[]) {
    it(`has nothing to say against ${title}`, async () => {
      const { exposition, self } = makeExposition({ findingCodes: ['stalled', 'under-replicated'] });
      await exposition.add('bulk').publish(bulk);
      await exposition.add('rich').publish(rich);
      exposition.add('unreachable');
      self.bug('route');
      self.kafkaTraffic('c1', 'Metadata', 1, 1);
      assert.deepEqual(promtoolCheck(await textOf(exposition, pages)), { status: 0, complaints: '' });
    });
  }

  it('is really asked: it finds fault with a gauge that is named like a counter', () => {
    const { status, complaints } = promtoolCheck('# HELP x_total A gauge\n# TYPE x_total gauge\nx_total 1\n');
    assert.notEqual(status, 0);
    assert.match(complaints, /_total/);
  });
});

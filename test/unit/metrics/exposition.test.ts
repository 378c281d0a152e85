import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { makeExposition, textOf } from '../../support/exposition-fixture.ts';
import { parseExposition } from '../../support/exposition-text.ts';
import { bulkReport, makeReport } from '../../support/report-fixture.ts';

const oneGroup = (cluster: string, lag: number) =>
  makeReport({
    cluster,
    topics: [{ topic: 't', partitions: [{ highWatermark: 9 }] }],
    groups: [{ groupId: 'g', series: [{ topic: 't', partition: 0, lag }], topics: [{ topic: 't', lag }] }],
  });

describe('the exposition', () => {
  it('puts the samples of all clusters under one header a family', async () => {
    const { exposition } = makeExposition();
    await exposition.add('one').publish(oneGroup('one', 1));
    await exposition.add('two').publish(oneGroup('two', 2));
    const text = await textOf(exposition, ['detail']);
    assert.ok(
      text.includes(
        [
          '# HELP tidemark_group_partition_lag_records End offset less committed offset; absent without a commit',
          '# TYPE tidemark_group_partition_lag_records gauge',
          'tidemark_group_partition_lag_records{kafka_cluster="one",group="g",topic="t",partition="0"} 1',
          'tidemark_group_partition_lag_records{kafka_cluster="two",group="g",topic="t",partition="0"} 2',
        ].join('\n'),
      ),
      text,
    );
  });

  it('replaces a cluster by its next report, and forgets one that is watched no more', async () => {
    const { exposition } = makeExposition();
    const [one, two] = [exposition.add('one'), exposition.add('two')];
    await one.publish(oneGroup('one', 1));
    await two.publish(oneGroup('two', 2));
    await one.publish(makeReport({ cluster: 'one' }));
    assert.match(await textOf(exposition), /kafka_cluster="one"/);
    assert.doesNotMatch(await textOf(exposition), /kafka_cluster="one",group=/);
    exposition.remove(two);
    assert.doesNotMatch(await textOf(exposition), /kafka_cluster="two"/);
  });

  it('says of a cluster that never answered that it is not reachable', async () => {
    const { exposition } = makeExposition();
    exposition.add('far "away"');
    const lines = (await textOf(exposition)).split('\n').filter((line) => line.includes('far'));
    assert.deepEqual(lines, ['tidemark_cluster_reachable{kafka_cluster="far \\"away\\""} 0']);
  });

  it('drops the samples of a cluster that has given no report three times running', async () => {
    const { exposition } = makeExposition();
    const samples = exposition.add('one');
    await samples.publish(oneGroup('one', 1));
    samples.fail();
    samples.fail();
    assert.match(await textOf(exposition), /group="g"/);
    samples.fail();
    assert.doesNotMatch(await textOf(exposition), /group="g"/);
    assert.match(await textOf(exposition), /tidemark_cluster_reachable\{kafka_cluster="one"\} 0/);
  });

  it('makes labels anew when a row is given to another group or partition', async () => {
    const { exposition } = makeExposition();
    const samples = exposition.add('c1');
    const named = (groupId: string, topic: string) =>
      makeReport({
        topics: [{ topic, partitions: [{ highWatermark: 9 }] }],
        groups: [{ groupId, series: [{ topic, partition: 0, lag: 1 }], topics: [{ topic, lag: 1 }] }],
      });
    await samples.publish(named('old-group', 'old-topic'));
    await samples.publish(named('new-group', 'new-topic'));
    const text = await textOf(exposition);
    assert.doesNotMatch(text, /old-/);
    assert.match(text, /_lag_records\{kafka_cluster="c1",group="new-group",topic="new-topic",partition="0"\} 1/);
  });

  it('takes another name for the label of the cluster', async () => {
    const { exposition } = makeExposition({ clusterLabel: 'kafka' });
    await exposition.add('one').publish(oneGroup('one', 1));
    assert.match(await textOf(exposition), /tidemark_cluster_reachable\{kafka="one"\} 1/);
    assert.doesNotMatch(await textOf(exposition), /kafka_cluster/);
  });

  it('counts its samples by family', async () => {
    const { exposition } = makeExposition();
    await exposition.add('c1').publish(bulkReport({ topics: 2, partitions: 3, groups: 4, seriesPerGroup: 5 }));
    const samples = parseExposition(await textOf(exposition));
    for (const { name } of catalogue) {
      const counted = samples.find((sample) => sample.name === 'tidemark_series' && sample.labels.family === name);
      assert.equal(counted?.value, samples.filter((sample) => sample.name === name).length, name);
    }
  });
});

describe('OpenMetrics', () => {
  it('has the same samples; counters are named without _total in headers, and the end is marked', async () => {
    const { exposition } = makeExposition({ findingCodes: ['stalled'] });
    await exposition.add('c1').publish(oneGroup('c1', 1));
    const text = await textOf(exposition, ['detail', 'main'], 'openmetrics');
    assert.match(text, /# TYPE tidemark_findings_raised counter\ntidemark_findings_raised_total\{/);
    assert.ok(text.endsWith('\n# EOF\n'));
    const ofGroups = (from: string) => parseExposition(from).filter(({ name }) => name.startsWith('tidemark_group'));
    assert.deepEqual(ofGroups(text), ofGroups(await textOf(exposition)));
  });
});

describe('the partitions on /metrics', () => {
  const small = bulkReport({ topics: 1, partitions: 1, groups: 2, seriesPerGroup: 1 });
  const large = bulkReport({ topics: 20, partitions: 50, groups: 20, seriesPerGroup: 1000 });

  it('stand there on a small cluster, and not on a large one', async () => {
    for (const { report, joined } of [
      { report: small, joined: true },
      { report: large, joined: false },
    ]) {
      const { exposition, log } = makeExposition();
      assert.equal(exposition.detailJoined, false);
      await exposition.add('c1').publish(report);
      assert.equal(exposition.detailJoined, joined);
      assert.equal(log.length, 1);
      assert.match(await textOf(exposition, ['main']), new RegExp(`tidemark_metrics_detail_joined ${joined ? 1 : 0}`));
    }
  });

  it('are decided when the first cycle of every cluster has ended, and never again', async () => {
    const { exposition } = makeExposition();
    const [one, two] = [exposition.add('one'), exposition.add('two')];
    await one.publish(small);
    assert.equal(exposition.detailJoined, false);
    two.fail();
    assert.equal(exposition.detailJoined, true);
    await two.publish(large);
    assert.equal(exposition.detailJoined, true);
  });

  it('are not decided by a cluster that could not be read', async () => {
    const { exposition, log } = makeExposition();
    const samples = exposition.add('one');
    const collector = 'committed-offsets' as const;
    const failed = {
      collector,
      startedAtMs: 1,
      durationMs: 1,
      outcome: 'failed' as const,
      everyMs: 1,
      lastSuccessMs: null,
      failingPolls: 1,
      failures: [],
    };
    await samples.publish(makeReport({ reachable: false }));
    await samples.publish(makeReport({ collectors: [failed] }));
    samples.fail();
    assert.deepEqual(log, []);
    await samples.publish(large);
    assert.equal(log.length, 1);
    assert.equal(exposition.detailJoined, false);
  });

  it('stand where the settings say', async () => {
    assert.equal(makeExposition({ detail: 'joined' }).exposition.detailJoined, true);
    const { exposition } = makeExposition({ detail: 'separate' });
    await exposition.add('c1').publish(small);
    assert.equal(exposition.detailJoined, false);
  });
});

describe('the budget of samples', () => {
  const report = bulkReport({ topics: 2, partitions: 10, groups: 10, seriesPerGroup: 10 });
  const detail = 'tidemark_group_partition_committed_offset';
  const next = 'tidemark_partition_log_start_offset';

  async function within(sampleBudget: number) {
    const made = makeExposition({ sampleBudget });
    await made.exposition.add('c1').publish(report);
    return { ...made, samples: parseExposition(await textOf(made.exposition)) };
  }

  async function total(): Promise<number> {
    const { samples } = await within(1e6);
    return samples.filter(({ name }) => catalogue.some((family) => family.name === name)).length;
  }

  it('drops whole families in a fixed order, and counts them', async () => {
    const { samples, log } = await within((await total()) - 101);
    assert.equal(samples.filter(({ name }) => name === detail || name === next).length, 0);
    const dropped = samples.filter(({ name }) => name === 'tidemark_series_dropped');
    assert.deepEqual(
      dropped.map(({ labels, value }) => [labels.family, value]),
      [
        [next, 20],
        [detail, 100],
      ],
    );
    assert.equal(log.filter((line) => line.includes('budget')).length, 2);
    assert.equal(samples.filter(({ name }) => name === 'tidemark_group_partition_lag_records').length, 100);
  });

  it('drops one only where that is enough, and none where all fit', async () => {
    assert.equal((await within((await total()) - 100)).log.filter((line) => line.includes('budget')).length, 1);
    assert.equal((await within(await total())).log.filter((line) => line.includes('budget')).length, 0);
  });

  it('does not let a family come back', async () => {
    const { exposition } = makeExposition({ sampleBudget: (await total()) - 1 });
    const samples = exposition.add('c1');
    await samples.publish(report);
    await samples.publish(makeReport({}));
    await samples.publish(oneGroup('c1', 1));
    assert.equal(exposition.isDropped(detail), true);
    assert.doesNotMatch(await textOf(exposition, ['detail']), new RegExp(detail));
  });
});

describe('whatever a cluster is called and whatever is unknown', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  const hostile = fc.oneof(name, fc.constantFrom('"', '\\', '\n', '\\n"', '{}', ',a="b"', '\u2028', '😀', '#'));
  const number = fc.oneof(fc.double(), fc.nat(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 1e21, 1e-9));

  it('the text can be parsed, names come back as they were, and only numbers are printed', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, number, number, async (cluster, groupId, topic, lag, seconds) => {
        const report = makeReport({
          cluster,
          topics: [{ topic, partitions: [{ highWatermark: lag }] }],
          groups: [
            {
              groupId,
              policy: { team: topic },
              series: [{ topic, partition: 0, lag, timeLagSeconds: seconds }],
              topics: [{ topic, lag, maxTimeLagSeconds: seconds }],
            },
          ],
        });
        const { exposition } = makeExposition();
        await exposition.add(cluster).publish(report);
        const samples = parseExposition(await textOf(exposition));
        assert.ok(samples.every(({ value }) => Number.isFinite(value)));
        const lags = samples.filter((sample) => sample.name === 'tidemark_group_partition_lag_records');
        const expected = {
          name: 'tidemark_group_partition_lag_records',
          labels: { kafka_cluster: cluster, group: groupId, topic, partition: '0' },
          value: lag === 0 ? 0 : lag,
        };
        assert.deepEqual(
          lags.map((sample) => ({ ...sample, value: sample.value === 0 ? 0 : sample.value })),
          Number.isFinite(lag) ? [expected] : [],
        );
      }),
      { numRuns: 60 },
    );
  });
});

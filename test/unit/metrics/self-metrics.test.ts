import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CollectorStatus } from '../../../src/model/report.ts';
import { makeExposition, textOf } from '../../support/exposition-fixture.ts';
import { parseExposition } from '../../support/exposition-text.ts';
import { makeReport } from '../../support/report-fixture.ts';

function status(startedAtMs: number, codes: readonly string[]): CollectorStatus {
  const collector = 'end-offsets' as const;
  const failures = codes.map((code) => ({ collector, code }));
  const outcome = codes.length === 0 ? 'ok' : 'partial';
  return {
    collector,
    startedAtMs,
    durationMs: 5,
    outcome,
    everyMs: 15_000,
    lastSuccessMs: null,
    failingPolls: 0,
    failures,
  };
}

async function valuesOf(made: ReturnType<typeof makeExposition>, name: string) {
  const samples = parseExposition(await textOf(made.exposition)).filter((sample) => sample.name === name);
  return samples.map(({ labels, value }) => [labels, value]);
}

describe('what tidemark says of itself', () => {
  it('holds version, traffic, cycles, store and bugs', async () => {
    const made = makeExposition();
    const { self } = made;
    self.kafkaTraffic('c1', 'ListOffsets', 3, 1000);
    self.kafkaTraffic('c1', 'ListOffsets', 1, 10);
    self.cycleEnded('c1', 0.2);
    self.cycleSkipped('c1');
    self.bug('rule');
    self.storeSize('c1', 4096);
    self.storeError('c1');
    self.configReloaded(false);
    const expected = {
      tidemark_build_info: [[{ version: '1.2.3', node_version: 'v24.0.0' }, 1]],
      tidemark_kafka_requests_total: [[{ kafka_cluster: 'c1', api: 'ListOffsets' }, 4]],
      tidemark_kafka_received_bytes_total: [[{ kafka_cluster: 'c1', api: 'ListOffsets' }, 1010]],
      tidemark_cycle_duration_seconds_sum: [[{ kafka_cluster: 'c1' }, 0.2]],
      tidemark_cycles_skipped_total: [[{ kafka_cluster: 'c1' }, 1]],
      tidemark_bugs_total: [[{ where: 'rule' }, 1]],
      tidemark_store_size_bytes: [[{ kafka_cluster: 'c1' }, 4096]],
      tidemark_store_errors_total: [[{ kafka_cluster: 'c1' }, 1]],
      tidemark_config_last_reload_successful: [[{}, 0]],
    };
    for (const [name, values] of Object.entries(expected)) assert.deepEqual(await valuesOf(made, name), values, name);
  });

  it('counts the failures of a run once, however often reports repeat it', async () => {
    const made = makeExposition();
    const reports = [
      makeReport({ collectors: [status(1000, ['upstream.timeout', 'upstream.timeout'])] }),
      makeReport({ collectors: [status(1000, ['upstream.timeout', 'upstream.timeout'])] }),
      makeReport({ collectors: [status(2000, ['upstream.denied'])] }),
      makeReport({ collectors: [status(3000, [])] }),
    ];
    const cluster = made.exposition.add('c1');
    for (const report of reports) await cluster.publish(report);
    const labels = { kafka_cluster: 'c1', collector: 'end-offsets' };
    assert.deepEqual(await valuesOf(made, 'tidemark_collector_failures_total'), [
      [{ ...labels, code: 'upstream.timeout' }, 2],
      [{ ...labels, code: 'upstream.denied' }, 1],
    ]);
  });

  it('has the metrics of the process, without gauges that are named like counters', async () => {
    const text = await textOf(makeExposition().exposition);
    assert.match(text, /^process_resident_memory_bytes \d+$/m);
    assert.doesNotMatch(text, /nodejs_active_\w+_total/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RangeMemory, rangeRows } from '../../../src/metrics/range-memory.ts';
import type { Report } from '../../../src/model/report.ts';
import { makeExposition, textOf } from '../../support/exposition-fixture.ts';
import { bulkReport } from '../../support/report-fixture.ts';

describe('the memory of columns', () => {
  const column = () => Float64Array.from({ length: 2 * rangeRows + 5 }, (_, row) => (row % 7 === 0 ? Number.NaN : row));

  it('finds everything changed at first, and nothing when it is all the same', () => {
    const memory = new RangeMemory();
    assert.deepEqual(memory.changes([column()], 2 * rangeRows + 5), [true, true, true]);
    assert.deepEqual(memory.changes([column()], 2 * rangeRows + 5), [false, false, false]);
  });

  it('finds the range in which a value changed, even where the column is the very same array', () => {
    const memory = new RangeMemory();
    const values = column();
    memory.changes([values], values.length);
    values[rangeRows] = 1;
    assert.deepEqual(memory.changes([values], values.length), [false, true, false]);
    values[0] = 5;
    assert.deepEqual(memory.changes([values], values.length), [true, false, false]);
  });

  it('finds the last range changed when rows come or go', () => {
    const memory = new RangeMemory();
    memory.changes([column()], rangeRows + 5);
    assert.deepEqual(memory.changes([column()], rangeRows + 6), [false, true]);
    assert.deepEqual(memory.changes([column()], rangeRows + 5), [false, true]);
    assert.deepEqual(memory.changes([column()], rangeRows), [false]);
  });
});

/** What an engine may do to the tables between two reports; it may do it in place. */
const mutations: Readonly<Record<string, (report: Report, at: number) => void>> = {
  'a value moves': ({ series }, at) => series.lag[at]!++,
  'a value becomes unknown': ({ series }, at) => series.timeLagSeconds.fill(Number.NaN, at, at + 1),
  'an end offset moves': ({ partitions }, at) => partitions.highWatermark[at % partitions.rows]!++,
  'a row is freed': ({ series }, at) => series.alive.fill(0, at, at + 1),
  'a row is taken again': ({ series }, at) => series.alive.fill(1, at, at + 1),
  'a row turns stale': ({ series }, at) => series.age.fill(2, at, at + 1),
  'a partition turns stale': ({ partitions }, at) =>
    partitions.age.fill(2, at % partitions.rows, (at % partitions.rows) + 1),
  'a series is of another partition': ({ series }, at) => series.partitionRow.copyWithin(at, at + 1, at + 2),
  'a group row is of another group': ({ groups }, at) => rename(groups.groupId, at),
  'a topic row is of another topic': ({ topics }, at) => rename(topics.topic, at),
  'a partition row has another number': ({ partitions }, at) => (partitions.partition[at % partitions.rows]! += 1000),
  'rows go at the end': ({ series }, at) => {
    series.rows -= Math.min(series.rows - 1, at % 100);
  },
  nothing: () => {},
};

function rename(names: readonly string[], at: number): void {
  (names as string[])[at % names.length] += 'x';
}

describe('an exposition that reuses what has not changed', () => {
  it('says the same as one that is made from scratch', async () => {
    const size = { topics: 2, partitions: 2500, groups: 2, seriesPerGroup: 5000 };
    const step = fc.tuple(fc.constantFrom(...Object.keys(mutations)), fc.nat(size.groups * size.seriesPerGroup - 2));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 2 }), { minLength: 1, maxLength: 5 }), async (cycles) => {
        const report = bulkReport(size);
        const { exposition } = makeExposition();
        const samples = exposition.add('c1');
        await samples.publish(report);
        for (const steps of cycles) {
          for (const [mutation, at] of steps) mutations[mutation]!(report, at);
          await samples.publish(report);
          const fresh = makeExposition().exposition;
          await fresh.add('c1').publish(report);
          assert.ok(
            (await textOf(exposition, ['detail'])) === (await textOf(fresh, ['detail'])),
            JSON.stringify(steps),
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  it('begins anew after a report that could not be rendered', async () => {
    const { exposition } = makeExposition();
    const samples = exposition.add('c1');
    const report = bulkReport({ topics: 1, partitions: 2, groups: 1, seriesPerGroup: 2 });
    await samples.publish(report);
    const broken = { ...report, findings: null as never };
    report.series.lag[0] = 77;
    await assert.rejects(samples.publish(broken));
    await samples.publish(report);
    assert.match(await textOf(exposition, ['detail']), /lag_records\{[^}]*\} 77\n/);
  });
});

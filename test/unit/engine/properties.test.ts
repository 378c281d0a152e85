import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Report, seriesCodes, seriesColumns } from '../../../src/model/report.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { advance, testEngine } from '../../support/engine-run.ts';
import { shifted, snapshotsOf, worlds } from '../../support/simulated-worlds.ts';

function lastReport(snapshots: readonly Snapshot[]): Report {
  const engine = testEngine();
  return snapshots.map((snapshot) => advance(engine, snapshot).report).at(-1)!;
}

const moments = new Set(['lastMovedMs', 'movementRunSinceMs', 'lastProgressMs', 'watchedSinceMs', 'committedReadAtMs']);

test('property: shifting all time changes nothing but times', () => {
  fc.assert(
    fc.property(worlds, fc.integer({ min: -1_000_000, max: 1_000_000_000 }), (world, byMs) => {
      const snapshots = snapshotsOf(world);
      const there = lastReport(snapshots).series;
      const shift = lastReport(snapshots.map((snapshot) => shifted(snapshot, byMs))).series;
      for (const column of seriesColumns)
        if (!moments.has(column)) assert.deepEqual(shift[column], there[column], column);
      for (const column of seriesCodes) assert.deepEqual(shift[column], there[column], column);
    }),
    { numRuns: 25 },
  );
});

test('property: lag is never below 0, and what is not known has a reason', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const engine = testEngine();
      for (const snapshot of snapshotsOf(world)) {
        const { series } = advance(engine, snapshot).report;
        for (let row = 0; row < series.rows; row++) {
          assert.ok(!(series.lag[row]! < 0) && !(series.timeLagSeconds[row]! < 0));
          assert.equal(Number.isNaN(series.lag[row]!), series.whyLag[row] !== 0);
          assert.equal(Number.isNaN(series.timeLagSeconds[row]!), series.whyTimeLag[row] !== 0);
          assert.equal(Number.isNaN(series.consumeRate[row]!), series.whyConsumeRate[row] !== 0);
          if (series.whyTimeToLoss[row] !== 0) assert.ok(Number.isNaN(series.timeToLossEarliestSeconds[row]!));
          assert.ok(!(series.timeToLossLatestSeconds[row]! < series.timeToLossEarliestSeconds[row]!));
          assert.ok(!(series.timeToDrainSeconds[row]! < 0) && !(series.consumeRate[row]! < 0));
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('property: more retention never makes the loss come sooner', () => {
  fc.assert(
    fc.property(worlds, fc.integer({ min: 1, max: 60 }), (world, moreMinutes) => {
      // Before anything was deleted both worlds are the same but for the setting.
      const polls = Math.min(60, world.retentionMinutes * 4 - 5);
      const little = lastReport(snapshotsOf(world, { polls })).series;
      const much = lastReport(
        snapshotsOf(world, { polls, retentionMinutes: world.retentionMinutes + moreMinutes }),
      ).series;
      for (let row = 0; row < little.rows; row++) {
        const sooner = little.timeToLossEarliestSeconds[row]!;
        const later = much.timeToLossEarliestSeconds[row]!;
        // A longer retention also looks further ahead: a loss that lay beyond the horizon may come into sight.
        if (!Number.isNaN(sooner) && !Number.isNaN(later)) assert.ok(later >= sooner - 1e-6, `${later} >= ${sooner}`);
        if (!Number.isNaN(little.retentionUsedRatio[row]!)) {
          assert.ok(much.retentionUsedRatio[row]! <= little.retentionUsedRatio[row]! + 1e-9);
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('property: refilled from the stored snapshots, gaps and all, is the same as having watched', () => {
  fc.assert(
    fc.property(worlds, fc.integer({ min: 0, max: 50 }), (world, refilled) => {
      const snapshots = snapshotsOf(world);
      const watching = testEngine();
      const restarted = testEngine();
      for (const [index, snapshot] of snapshots.entries()) {
        const there = advance(watching, snapshot).report.series;
        if (index < refilled) restarted.refill(snapshot);
        else assert.deepEqual({ ...advance(restarted, snapshot).report.series }, { ...there });
      }
    }),
    { numRuns: 15 },
  );
});

import { type Static, Type } from 'typebox';
import { Duration } from '../../model/duration.ts';

/**
 * Windows and thresholds of every quantity. The defaults suit an interval of 15 s; where a cluster is polled faster (demo,
 * tests) all of them are scaled together.
 */
export const measureSettings = Type.Object(
  {
    windowMin: Duration('10m', 'Rates and trends look back at least this far'),
    windowMax: Duration('24h', 'and at most this far, however seldom a group commits'),
    windowSamples: Type.Integer({ default: 20, minimum: 4, description: 'A window holds at least this many polls' }),
    windowCommitIntervals: Type.Number({
      default: 4,
      minimum: 2,
      description: 'A window holds at least this many usual commit intervals of the series',
    }),
    commitIntervalDefault: Duration('60s', 'Commit interval that is assumed until the usual one is learned'),
    standIntervals: Type.Number({
      default: 3,
      minimum: 1,
      description: 'A series stands when it has not moved for this many usual commit intervals; its rate is then 0',
    }),
    shortGapMax: Duration('5m', 'Movements no further apart than this (and one poll) count as a regular run'),
    rateUncertaintyMin: Type.Number({
      default: 0.05,
      minimum: 0,
      maximum: 1,
      description: 'Rates that enter the time to loss are widened by at least this share',
    }),
    rateNoiseMin: Type.Number({
      default: 0.02,
      minimum: 0,
      maximum: 1,
      description:
        'Two rates differ only where they differ by more than this share, and by more than their uncertainty',
    }),
    trendEffectMin: Type.Number({
      default: 0.1,
      minimum: 0,
      description: 'The lag trend is steady unless the window changes the lag by more than this share of it',
    }),
    trendRecordsMin: Type.Number({
      default: 10,
      minimum: 0,
      description: 'and by more than this many records',
    }),
    residueMax: Type.Integer({ default: 10, minimum: 0, description: 'A lag up to this may be a residue (markers)' }),
    residueStands: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'The same small lag at this many idle stands in a row is a residue',
    }),
    waitingRecords: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'So many unread records are waiting for a reader: fewer may all be markers',
    }),
    residueStand: Duration('5m', 'Idle for so long is such a stand, however seldom a series moves'),
    lossHorizon: Type.Number({
      default: 20,
      minimum: 1,
      description: 'A loss further away than this many times the retention is none',
    }),
    losingHold: Duration('10m', 'A series whose records were just lost is `losing` for this long'),
    skippedRateFactor: Type.Number({
      default: 5,
      minimum: 1,
      description: 'A jump faster than this many times the best rate seen has skipped records',
    }),
    abandonedAfter: Duration('7d', 'A series without owner and movement for this long is abandoned'),
    abandonedWatch: Duration('1h', 'and one that shows neither in this first time of watching'),
    usualTimeLagSamples: Type.Integer({
      default: 20,
      minimum: 1,
      description: 'Polls in which a series must have kept up before its usual time lag counts as learned',
    }),
    commitDelayMin: Duration('20s', 'Whether a commit delay grows is asked from this on'),
    jumpPolls: Type.Integer({
      default: 4,
      minimum: 1,
      description: 'Polls within which the lag of a group must rise to have jumped',
    }),
    rebalanceWindow: Duration('1h', 'Rebalances are counted over this trailing time'),
    deploymentPauseMax: Duration('5m', 'Rebalances no further apart than this may belong to one deployment'),
    staleIntervals: Type.Number({
      default: 3,
      minimum: 1,
      description: 'A row is stale when its data is older than this many intervals of its collector',
    }),
    staleMin: Duration('60s', 'and older than this'),
    diskWatchMin: Duration('2h', 'How long a log directory is watched before anything is said of how it fills'),
    goneMemory: Duration('24h', 'How long the offsets of a gone series are remembered, to compare its return with'),
    clockStepMin: Duration('2s', 'The clock stepped when wall and monotonic time part by more than this'),
    probesPerCycle: Type.Integer({
      default: 2000,
      minimum: 0,
      description: 'Offsets-by-time questions that one cycle may ask',
    }),
    retentionProbeEvery: Duration('10m', 'How often half of the retention is probed on partitions with lag'),
  },
  { additionalProperties: false, default: {}, description: 'Windows and thresholds of the measures' },
);
export type MeasureSettings = Static<typeof measureSettings>;

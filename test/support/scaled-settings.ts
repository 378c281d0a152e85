/**
 * Settings for a daemon that polls every 500 ms: everything that defaults to an interval of 15 s, thirty times as fast, so
 * that a test on a real cluster sees in seconds what takes minutes in production.
 */
export const scaledSettings = {
  collectors: {
    'topic-configs': { every: '2s' },
    'broker-configs': { every: '10s' },
    'log-dirs': { every: '2s' },
  },
  measures: {
    windowMin: '20s',
    commitIntervalDefault: '2s',
    shortGapMax: '10s',
    // Not scaled: a slow machine takes longer over a test, and who is abandoned loses its findings.
    abandonedWatch: '1h',
    losingHold: '1m',
    rebalanceWindow: '2m',
    staleMin: '2s',
    retentionProbeEvery: '20s',
  },
} as const;

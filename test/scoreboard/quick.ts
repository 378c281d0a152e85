import type { ScoreResult } from './score.ts';

/** What the short form counts on its fixed seeds: the same on every machine, whatever its speed. */
export interface QuickFigures {
  /** By code: cases, and those of them that were found. */
  recall: Record<string, { found: number; of: number }>;
  /** By code: false alarms of healthy groups and quiet clusters. */
  falseAlarms: Record<string, number>;
}

export function figuresOf({ codes, healthy }: ScoreResult): QuickFigures {
  return {
    recall: Object.fromEntries(codes.map(({ code, recall }) => [code, { found: recall.count, of: recall.of }])),
    falseAlarms: Object.fromEntries(Object.entries(healthy.byCode).map(([code, { count }]) => [code, count])),
  };
}

/** What has become worse than was accepted, a sentence each. */
export function worseThan(accepted: QuickFigures, now: QuickFigures): string[] {
  const missed = Object.entries(accepted.recall).flatMap(([code, before]) => {
    const { found, of } = now.recall[code] ?? { found: 0, of: 0 };
    if (of === 0 && before.of > 0) return [`${code} has no case any more (it had ${before.of})`];
    return found * before.of < before.found * of
      ? [`${code} is found in ${found} of ${of} cases, it was in ${before.found} of ${before.of}`]
      : [];
  });
  const alarms = Object.entries(now.falseAlarms).flatMap(([code, count]) => {
    const before = accepted.falseAlarms[code] ?? 0;
    return count > before ? [`${code} gives ${count} false alarms, it gave ${before}`] : [];
  });
  return [...missed, ...alarms];
}

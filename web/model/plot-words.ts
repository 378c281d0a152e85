/** One sentence for each plot: for those who cannot see the canvas, and for those who want the number. */
import type { Points, SeriesAnswer } from './answers.ts';
import { durationWords, rateWords, spanWords } from './words.ts';

export function clocksSummary(
  earliest: Points,
  latest: Points,
  drain: Points,
  lagTrend: SeriesAnswer['lagTrend'],
): string {
  const loss = lastOf(earliest);
  const drains = lastOf(drain);
  const lossWords =
    loss === null ? 'No loss ahead' : loss < 1 ? 'Loss at any moment' : `Loss in ${spanWords(loss, lastOf(latest))}`;
  if (drains === null && lagTrend === 'steady') return `${lossWords}; steady, the lag neither grows nor drains.`;
  if (drains === null) return `${lossWords}; not draining.`;
  return drains === 0 ? `${lossWords}; caught up.` : `${lossWords}; drained in ${durationWords(drains)}.`;
}

export function ratesSummary(written: Points, read: Points): string {
  const say = (points: Points) => {
    const rate = lastOf(points);
    return rate === null ? 'not known' : rateWords(rate);
  };
  return `Now written ${say(written)}, read ${say(read)}.`;
}

/** The newest point's value; null where the newest is a gap, even if older ones are known. */
function lastOf(points: Points): number | null {
  return points.at(-1)?.[1] ?? null;
}

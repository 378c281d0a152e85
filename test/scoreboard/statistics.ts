/** A share with its 95 % bounds (Wilson's interval: it holds for few cases and for shares near 0 and 1). */
export interface Share {
  of: number;
  count: number;
  share: number;
  low: number;
  high: number;
}

const z = 1.96;

export function wilson(count: number, of: number): Share {
  if (of === 0) return { of, count, share: Number.NaN, low: 0, high: 1 };
  const share = count / of;
  const scale = 1 + z ** 2 / of;
  const middle = (share + z ** 2 / (2 * of)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return { of, count, share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Events for each unit that was watched, with 95 % bounds (a Poisson count; Byar's approximation). */
export function ratePerUnit(
  count: number,
  units: number,
): { count: number; units: number; rate: number; low: number; high: number } {
  const bound = (events: number, side: number) =>
    events <= 0 ? 0 : events * (1 - 1 / (9 * events) + (side * z) / (3 * Math.sqrt(events))) ** 3;
  return { count, units, rate: count / units, low: bound(count, -1) / units, high: bound(count + 1, 1) / units };
}

/** NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The middle one, or the mean of two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2;
}

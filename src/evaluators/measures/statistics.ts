const scratch = new Float64Array(64);

/** A robust slope and the half-width of its uncertainty, in value units a millisecond. */
export interface Slope {
  perMs: number;
  halfWidth: number;
  /** Share of the pairs whose slope has the sign of the result. */
  agreement: number;
}

const result: Slope = { perMs: Number.NaN, halfWidth: Number.NaN, agreement: 0 };

/**
 * Theil's incomplete method: the median slope of the pairs (i, i + n/2), a fraction of the cost of Theil-Sen over all pairs.
 * Half-width: half the interquartile range of those slopes. The object is used again by the next call; NaN below 2 points.
 */
export function robustSlope(
  times: Float64Array,
  values: Float64Array | Float32Array,
  from: number,
  count: number,
): Slope {
  const half = count >> 1;
  const offset = count - half;
  let pairs = 0;
  let rising = 0;
  let falling = 0;
  for (let i = from; i < from + half; i++) {
    const elapsed = times[i + offset]! - times[i]!;
    if (!(elapsed > 0)) continue;
    const slope = (values[i + offset]! - values[i]!) / elapsed;
    if (Number.isNaN(slope)) continue;
    if (slope > 0) rising++;
    else if (slope < 0) falling++;
    insert(slope, pairs++);
  }
  result.perMs = sortedQuantile(pairs, 0.5);
  result.halfWidth = (sortedQuantile(pairs, 0.75) - sortedQuantile(pairs, 0.25)) / 2;
  result.agreement = pairs === 0 ? 0 : (result.perMs >= 0 ? rising : falling) / pairs;
  return result;
}

/** Blocks of a window whose rates are compared: each lasts longer than what a rate does within a minute. */
const blocks = 8;
/** Of so few, this many standard errors hold the truth nineteen times in twenty. */
const standardErrors = 2.4;

/**
 * How far the mean rate of a window may be from the lasting one, as a share of it: from how its blocks differ. Neighbouring slopes of
 * one window agree far better than the window does with the next. NaN below two points a block.
 */
export function rateSpread(times: Float64Array, values: Float64Array, from: number, count: number): number {
  if (count < 2 * blocks) return Number.NaN;
  let sum = 0;
  let squares = 0;
  for (let block = 0; block < blocks; block++) {
    const first = from + Math.floor((block * (count - 1)) / blocks);
    const last = from + Math.floor(((block + 1) * (count - 1)) / blocks);
    const rate = (values[last]! - values[first]!) / (times[last]! - times[first]!);
    sum += rate;
    squares += rate * rate;
  }
  const mean = sum / blocks;
  const variance = Math.max(0, squares / blocks - mean * mean) / (blocks - 1);
  return mean > 0 ? Math.min(1, (standardErrors * Math.sqrt(variance)) / mean) : 0;
}

/** Median of the gaps between consecutive times. */
export function medianGap(times: Float64Array, from: number, count: number): number {
  for (let i = 1; i < count; i++) insert(times[from + i]! - times[from + i - 1]!, i - 1);
  return sortedQuantile(count - 1, 0.5);
}

/** Insertion into the sorted scratch: for so few numbers quicker than a sort. */
function insert(value: number, sorted: number): void {
  let at = sorted;
  while (at > 0 && scratch[at - 1]! > value) {
    scratch[at] = scratch[at - 1]!;
    at--;
  }
  scratch[at] = value;
}

function sortedQuantile(count: number, quantile: number): number {
  if (count === 0) return Number.NaN;
  const position = (count - 1) * quantile;
  const low = Math.floor(position);
  const high = Math.ceil(position);
  return scratch[low]! + (position - low) * (scratch[high]! - scratch[low]!);
}

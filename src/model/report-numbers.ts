/** Numbers of a Report's columns as JSON has them: NaN becomes null, and no more digits than are known. */

export function numberOf(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Seconds to the millisecond. */
export function secondsOf(value: number | undefined): number | null {
  return rounded(value, 1e3);
}

/** Rates, slopes and ratios to six decimals. */
export function rateOf(value: number | undefined): number | null {
  return rounded(value, 1e6);
}

function rounded(value: number | undefined, steps: number): number | null {
  return value === undefined || Number.isNaN(value) ? null : Math.round(value * steps) / steps;
}

/** The sum of the numbers that are known; NaN where none is. */
export function sumOfKnown(values: Iterable<number>): number {
  let sum = Number.NaN;
  for (const value of values) if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : sum + value;
  return sum;
}

/**
 * Seconds and ratios need two or three digits, not seventeen, and are never negative: they are stored as the upper 16 bits of a
 * 32-bit float without its sign, 8 of them mantissa, so that a number that hardly changed is the same code and costs nothing, and
 * one that drifts costs a byte. Codes rise with the numbers; 0 stands for none.
 */

/** Relative error of a number that went through a code. */
export const maxRoundingError = 2 ** -9;

const droppedBits = 15;
const half = 1 << (droppedBits - 1);

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** A code, 0..65535. What is negative counts as 0. */
export function toCode(value: number): number {
  if (Number.isNaN(value)) return 0;
  float[0] = Math.max(0, value);
  return ((bits[0]! + half) >> droppedBits) + 1;
}

export function fromCode(code: number): number {
  if (code === 0) return Number.NaN;
  bits[0] = (code - 1) << droppedBits;
  return float[0]!;
}

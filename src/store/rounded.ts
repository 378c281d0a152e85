/**
 * Seconds and ratios need two or three digits, not seventeen: they are stored as the upper bits of a 32-bit float, 8 bits of
 * mantissa, so that a number that hardly changed is the same code and costs nothing, and one that drifts costs a byte. Codes rise with the numbers; 0 stands for none.
 */

/** Relative error of a number that went through a code. */
export const maxRoundingError = 2 ** -9;

const droppedBits = 15;
const half = 1 << (droppedBits - 1);

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

export function toCode(value: number): number {
  if (Number.isNaN(value)) return 0;
  float[0] = value < 0 ? -value : value;
  const magnitude = (bits[0]! + half) >> droppedBits;
  return value < 0 ? -magnitude - 1 : magnitude + 1;
}

export function fromCode(code: number): number {
  if (code === 0) return Number.NaN;
  bits[0] = (Math.abs(code) - 1) << droppedBits;
  return code < 0 ? -float[0]! : float[0]!;
}

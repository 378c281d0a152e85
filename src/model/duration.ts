import { Type } from 'typebox';

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A number and one unit. */
export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds of a duration as users write it: a number and one unit, `500ms`, `15s`, `4m`, `26h`, `7d`; null where it is none. */
export function parseDuration(text: string): number | null {
  const [, digits, unit] = durationPattern.exec(text) ?? [];
  return digits === undefined ? null : Number(digits) * unitMs[unit as keyof typeof unitMs];
}

/** The shortest exact way to write that many milliseconds. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms !== 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  }
  return `${ms}ms`;
}

/** Marks a schema as a duration: written `15s` in YAML, flags and environment, milliseconds in code. */
export const durationFormat = 'duration';

/** A setting that is a duration: users write `15s`; the config turns it into milliseconds before it checks it against this schema. */
export function Duration(byDefault: string, description: string, options: { minimum?: string } = {}) {
  return Type.Number({
    format: durationFormat,
    default: toMs(byDefault),
    description,
    minimum: toMs(options.minimum ?? '0s'),
  });
}

function toMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new RangeError(`"${text}" is no duration: write a number and ms, s, m, h or d`);
  return ms;
}

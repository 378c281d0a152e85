/** How numbers read in a summary. Pure text: no locale, so that every machine says the same. */

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** `41 min`, `2 h 10 min`, `12 s`: two units at most. */
export function spokenSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  for (const [index, [unit, size]] of units.entries()) {
    if (whole < size) continue;
    const count = Math.floor(whole / size);
    const next = units[index + 1];
    const rest = next === undefined ? 0 : Math.floor((whole - count * size) / next[1]);
    return next === undefined || rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${next[0]}`;
  }
  return `${whole} s`;
}

/** `12,345 records`, `1 record`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

/** `1,840/s`, `18.5/s`, `0.25/s`. */
export function spokenRate(perSecond: number): string {
  return `${perSecond >= 100 ? thousands(perSecond) : Number(perSecond.toPrecision(3))}/s`;
}

/** `71 %`; below a hundred it never says 100. */
export function percentOf(ratio: number): string {
  return `${ratio < 1 ? Math.min(99, Math.round(ratio * 100)) : Math.round(ratio * 100)} %`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `412 GB`, `1.2 TB`: decimal units, as disks are sold. */
export function spokenBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 9.95 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits)} ${byteUnits[unit]}`;
}

/** `02:51:15`, UTC, of ms since the epoch. */
export function clockTime(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  const parts = [seconds / 3600, seconds / 60, seconds].map(
    (part, index) => Math.floor(part) % (index === 0 ? 24 : 60),
  );
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function thousands(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

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

function thousands(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

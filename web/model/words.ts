/** Numbers as an operator reads them aloud. Pure; the time zone is the reader's unless one is handed in. */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** `41 min`, `3 h 13 min`, `6 d 23 h`; seconds are named only below ten minutes, where they matter. */
export function durationWords(seconds: number): string {
  if (seconds > 0 && seconds < 1) return 'less than 1 s';
  const whole = Math.round(seconds);
  if (whole < minute) return `${whole} s`;
  if (whole < 10 * minute) return twoUnits(Math.floor(whole / minute), 'min', whole % minute, 's');
  const minutes = Math.round(whole / minute);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(whole / hour);
  if (hours < 100 * 24) return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
  return `${countWords(Math.round(whole / day))} d`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/**
 * `38 to 49 min`; a unit that both ends share is said once. Without a latest: `at least 38 min`. From three minutes on the bounds
 * are widened to whole minutes, and to whole days where days lie between them: what is finer helps nobody.
 */
export function spanWords(earliestSeconds: number, latestSeconds: number | null): string {
  if (latestSeconds === null) return `at least ${durationWords(earliestSeconds)}`;
  const areDays = earliestSeconds >= 2 * day && latestSeconds - earliestSeconds >= day;
  const step = latestSeconds < 3 * minute ? 1 : areDays ? day : minute;
  const earliest = durationWords(Math.floor(earliestSeconds / step) * step);
  const latest = durationWords(Math.ceil(latestSeconds / step) * step);
  if (earliest === latest) return `about ${latest}`;
  const [amount, unit, more] = earliest.split(' ');
  const oneUnit =
    more === undefined && latest.split(' ').length === 2 && (amount === '0' || latest.endsWith(` ${unit}`));
  return `${oneUnit ? amount : earliest} to ${latest}`;
}

/** Exact below 10,000 (`1,840`), then two or three digits with a unit: `12 k`, `1.2 M`, `88 M`, `3.4 G`. */
export function countWords(count: number): string {
  const size = Math.abs(count);
  if (size < 10 && !Number.isInteger(count)) return count.toFixed(1);
  if (size < 9_999.5) return grouped(Math.round(count));
  for (const [unit, scale] of scales) {
    if (size >= scale * 0.9995) return `${shortDecimal(count / scale)} ${unit}`;
  }
  return grouped(Math.round(count));
}

const scales = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const;

/** All digits: `1,210,334`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function shortDecimal(value: number): string {
  return Math.abs(value) < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

export function bytesWords(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  const [unit, scale] = scales.find(([, least]) => bytes >= least * 0.9995) ?? scales[3];
  return `${shortDecimal(bytes / scale)} ${unit}B`;
}

/** `1,840 records/s`; slow ones keep a digit: `0.4 records/s`. */
export function rateWords(recordsPerSecond: number): string {
  const size = Math.abs(recordsPerSecond);
  if (size > 0 && size < 0.05) return `${countWords(recordsPerSecond * hour)} records/h`;
  return `${countWords(size < 10 ? recordsPerSecond : Math.round(recordsPerSecond))} records/s`;
}

export function percentWords(ratio: number): string {
  const percent = ratio * 100;
  if (percent > 0 && percent < 1) return 'under 1 %';
  // Rounded up it would say that all is used when some is left.
  if (percent < 100 && percent >= 99.5) return 'over 99 %';
  return `${grouped(Math.round(percent))} %`;
}

/** `1 group`, `3 groups`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** With a capital and a full stop; a setting's name at the beginning (`retention.ms`) stays as Kafka spells it. */
export function asSentence(text: string): string {
  const [first = ''] = text.split(' ', 1);
  const begun = first.includes('.') || first.includes('-') ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** `02:14` where that is within the last 20 h, else with its day: `19 Nov 02:14`. */
export function momentWords(atMs: number, nowMs: number, timeZone?: string): string {
  const time = formatted('minute', atMs, timeZone);
  return nowMs - atMs < 20 * hour * 1000 ? time : `${formatted('day', atMs, timeZone)} ${time}`;
}

/** `02:14:05`, for lists where seconds tell what came first. */
export function secondWords(atMs: number, timeZone?: string): string {
  return formatted('second', atMs, timeZone);
}

const formats = {
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Making a formatter costs a hundred times more than using it, and a heat map uses it thousands of times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatted(format: keyof typeof formats, atMs: number, timeZone: string | undefined): string {
  const key = `${format} ${timeZone}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(
      'en-GB',
      timeZone === undefined ? formats[format] : { ...formats[format], timeZone },
    );
    formatters.set(key, formatter);
  }
  return formatter.format(atMs);
}

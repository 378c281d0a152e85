import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskFill } from '../../../../src/evaluators/measures/index.ts';
import { DiskUsage } from '../../../../src/history/disk-usage.ts';

const minute = 60_000;
const hour = 60 * minute;
const totalBytes = 1000;

/** How full the volume is, ‰, by hours since watching began. */
type Course = (hours: number) => number;

/** Looks at the volume once a minute for so long, and says when it will be full, in hours; null: it will not; `unknown`: too short. */
function fullInHours(course: Course, hours: number): number | null | 'unknown' {
  const usage = new DiskUsage();
  for (let atMs = 0; atMs <= hours * hour; atMs += minute) usage.add(atMs, course(atMs / hour));
  const now = { usedBytes: course(hours), totalBytes, atMs: hours * hour };
  const fill = diskFill(usage.spans, now, 2 * hour);
  if (fill === null) return 'unknown';
  return fill.fullInSeconds === null ? null : fill.fullInSeconds / 3600;
}

/** Rises and falls back to its foot with each tooth. */
const teeth =
  (footPermille: number, heightPermille: number, toothHours: number): Course =>
  (hours) =>
    footPermille + (heightPermille * (hours % toothHours)) / toothHours;
const rising =
  (course: Course, permilleAnHour: number): Course =>
  (hours) =>
    course(hours) + permilleAnHour * hours;
const flat = (): number => 300;

function near(actual: number | null | 'unknown', expected: number, tolerance = 0.15): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance * expected, `${actual} h`);
}

test('disk fill: nothing is said of a volume that was watched for less than two hours', () => {
  assert.equal(fullInHours(rising(flat, 200), 1.9), 'unknown');
});

test('disk fill: a volume that stands still does not fill', () => {
  assert.equal(fullInHours(flat, 48), null);
  assert.equal(
    fullInHours((hours) => 300 + Math.sin(hours * 7), 48),
    null,
  );
});

test('disk fill: a rise that nothing interrupts is projected no farther than it was watched', () => {
  assert.equal(fullInHours(rising(flat, 100), 3), null, 'full in 4 h, watched for 3');
  near(fullInHours(rising(flat, 100), 4.2), 2.8);
});

test('disk fill: an even rise is measured exactly, wherever the spans of the usage lie', () => {
  for (let hours = 5.05; hours < 9.9; hours += 0.09)
    near(
      fullInHours(
        rising(() => 0, 100),
        hours,
      ),
      10 - hours,
      0.02,
    );
});

test('disk fill: what nobody watched for long is no part of a rise', () => {
  const usage = new DiskUsage();
  for (const hours of [0, 0.1, 0.2, 7.8, 7.9]) usage.add(hours * hour, 100 * hours);
  const fill = diskFill(usage.spans, { usedBytes: 800, totalBytes, atMs: 8 * hour }, 2 * hour);
  assert.equal(fill?.fullInSeconds, null);
});

test('disk fill: teeth of retention that keep their height fill nothing, at whatever moment one looks', () => {
  for (const toothHours of [0.1, 0.5, 2, 6, 24]) {
    for (let hours = 2; hours <= 48; hours += 0.7) {
      assert.equal(fullInHours(teeth(300, 250, toothHours), hours), null, `tooth of ${toothHours} h after ${hours} h`);
    }
  }
});

test('disk fill: small teeth on large ones, or a day’s wave, fill nothing', () => {
  const small = teeth(0, 20, 0.25);
  const course: Course = (hours) => teeth(300, 200, 12)(hours) + small(hours);
  const wave: Course = (hours) => 450 - 150 * Math.cos((hours * Math.PI) / 12) + small(hours);
  for (let hours = 2; hours <= 48; hours += 0.7) {
    assert.equal(fullInHours(course, hours), null, `teeth after ${hours} h`);
    assert.equal(fullInHours(wave, hours), null, `wave after ${hours} h`);
  }
});

test('disk fill: a steep wave on its way up to where it was the day before fills nothing', () => {
  const wave: Course = (hours) => 550 - 350 * Math.cos((hours * Math.PI) / 12);
  for (let hours = 26; hours <= 48; hours += 0.5) assert.equal(fullInHours(wave, hours), null, `after ${hours} h`);
});

test('disk fill: teeth whose feet rise fill the volume when their tips touch its end', () => {
  for (const toothHours of [0.5, 2]) {
    const course = rising(teeth(300, 100, toothHours), 20);
    for (const hours of [12, 16.3]) {
      near(fullInHours(course, hours), (1000 - 400) / 20 - hours);
    }
  }
});

test('disk fill: a rise after quiet teeth is seen once it stands above them all, for as long as it was watched', () => {
  const course: Course = (hours) => (hours < 12 ? teeth(200, 100, 2)(hours) : 200 + 130 * (hours - 12));
  assert.equal(fullInHours(course, 14), null);
  assert.equal(fullInHours(course, 15.5), null, 'full in 2 h 39 min, which is more than it rose without teeth');
  near(fullInHours(course, 16.2), (1000 - 746) / 130);
});

test('disk fill: usage that was freed for good and rises a little does not fill', () => {
  const course: Course = (hours) => (hours < 4 ? 600 : 200 + 10 * (hours - 4));
  assert.equal(fullInHours(course, 10), null);
});

test('disk fill: a rise that has ended is none', () => {
  const course: Course = (hours) => Math.min(600, 100 + 100 * hours);
  assert.equal(fullInHours(course, 12), null);
});

test('disk usage: the last two days, in spans that keep their least and most', () => {
  const usage = new DiskUsage();
  for (let atMs = 0; atMs < 72 * hour; atMs += minute) usage.add(atMs, atMs % (10 * minute) === 5 * minute ? 9 : 3);
  assert.equal(usage.spans.length, 288);
  assert.deepEqual(usage.spans.at(-1), { atMs: 72 * hour - 10 * minute, leastBytes: 3, mostBytes: 9 });
  usage.clear();
  assert.deepEqual(usage.spans, []);
});

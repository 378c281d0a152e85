import type { UsageSpan } from '../../history/disk-usage.ts';
import type { DiskFill } from '../../history/log-dir-history.ts';

/** Usage that has kept within this share of the volume stands still. */
const stillRatio = 0.002;
/** A fall by this share of all that usage moved is retention's doing; less is the noise of small topics. */
const toothShare = 1 / 4;
/** So many times the length of what was watched the feet of teeth are projected; a rise without teeth, but once. */
const projectedFeet = 4;
const feetAtMost = 24;

interface Turn {
  atMs: number;
  bytes: number;
}

/** The volume at its last look. */
interface Now {
  usedBytes: number;
  totalBytes: number;
  atMs: number;
}

/**
 * When a volume will be full. Retention saws: usage rises until a segment is deleted, and the rising edge alone would fill any
 * disk. So growth is what the feet of whole teeth gained, or a rise that nothing has interrupted and that stands higher than all
 * that was seen; such a rise is projected no farther than it was watched.
 * Null where less than `watchMinMs` were watched.
 */
export function diskFill(spans: readonly UsageSpan[], now: Now, watchMinMs: number): DiskFill | null {
  const first = spans[0];
  if (first === undefined || now.atMs - first.atMs < watchMinMs) return null;
  const overSeconds = (now.atMs - first.atMs) / 1000;
  const most = Math.max(...spans.map(({ mostBytes }) => mostBytes));
  const range = most - Math.min(...spans.map(({ leastBytes }) => leastBytes));
  const still: DiskFill = { bytesPerSecond: 0, fullInSeconds: null, overSeconds };
  if (range < stillRatio * now.totalBytes) return still;
  const turns = turnsOf(spans, range * toothShare);
  return soonest([byFeet(turns, now, watchMinMs), byRise(spans, now, watchMinMs)]) ?? still;
}

/** The first to be full; of those that never are, the first. */
function soonest(fills: readonly (DiskFill | null)[]): DiskFill | null {
  const known = fills.filter((fill) => fill !== null);
  const fullInSeconds = Math.min(...known.map((fill) => fill.fullInSeconds ?? Infinity));
  return known.find((fill) => fill.fullInSeconds === fullInSeconds) ?? known[0] ?? null;
}

interface Turns {
  tips: Turn[];
  /** Lowest points between a tip and a rise as high as a tooth. */
  feet: Turn[];
}

/** Where usage turned, leaving out what turned by less than `toothBytes`. */
function turnsOf(spans: readonly UsageSpan[], toothBytes: number): Turns {
  const tips: Turn[] = [];
  const feet: Turn[] = [];
  let falls = false;
  let turn: Turn = { atMs: spans[0]!.atMs, bytes: spans[0]!.mostBytes };
  for (const { atMs, leastBytes, mostBytes } of spans) {
    if (falls && leastBytes < turn.bytes) turn = { atMs, bytes: leastBytes };
    else if (falls && mostBytes - turn.bytes >= toothBytes) {
      feet.push(turn);
      falls = false;
      turn = { atMs, bytes: mostBytes };
    } else if (!falls && mostBytes > turn.bytes) turn = { atMs, bytes: mostBytes };
    if (!falls && turn.bytes - leastBytes >= toothBytes) {
      tips.push(turn);
      falls = true;
      turn = { atMs, bytes: leastBytes };
    }
  }
  return { tips, feet };
}

/** Growth of the feet, projected from the line of the tips. */
function byFeet({ tips, feet }: Turns, now: Now, watchMinMs: number): DiskFill | null {
  const recent = feet.slice(-feetAtMost);
  const spanMs = recent.length < 2 ? 0 : recent.at(-1)!.atMs - recent[0]!.atMs;
  if (spanMs < watchMinMs) return null;
  const bytesPerMs = medianSlope(recent);
  const tip = tips.at(-1)!;
  const levelBytes = Math.max(now.usedBytes, tip.bytes + bytesPerMs * (now.atMs - tip.atMs));
  return projected(bytesPerMs, now.totalBytes - levelBytes, spanMs, projectedFeet * spanMs);
}

/** A rise to a height that was never seen before: over the last hours, twice as many, and so on up to all, the one that fills it first. */
function byRise(spans: readonly UsageSpan[], now: Now, watchMinMs: number): DiskFill | null {
  const watchedMs = now.atMs - spans[0]!.atMs;
  const lengths: number[] = [];
  for (let overMs = watchMinMs; overMs < watchedMs; overMs *= 2) lengths.push(overMs);
  return soonest([...lengths, watchedMs].map((overMs) => riseOver(overMs, spans, now)));
}

const riseParts = 4;

/** A part of a rise: from the start of its first span to the end of its last, and what was used in it. */
interface Part {
  fromMs: number;
  toMs: number;
  leastBytes: number;
  mostBytes: number;
}

/**
 * The slowest step between the parts of a rise, of their least as of their most: what goes up and down within a part counts for
 * nothing, and a rise that slows down, or is a wave on its way up to where it was before, is none. A part ends where a span does,
 * so that its least is taken from where it begins, and its most from where it ends.
 */
function riseOver(overMs: number, spans: readonly UsageSpan[], now: Now): DiskFill | null {
  const partMs = overMs / riseParts;
  const parts: (Part | undefined)[] = Array.from({ length: riseParts });
  let mostBefore = -Infinity;
  for (let index = 0; index < spans.length; index++) {
    const { atMs, leastBytes, mostBytes } = spans[index]!;
    const number = Math.min(riseParts - 1, Math.floor((atMs - (now.atMs - overMs)) / partMs));
    if (number < 0) {
      mostBefore = Math.max(mostBefore, mostBytes);
      continue;
    }
    const part = parts[number] ?? { fromMs: atMs, toMs: atMs, leastBytes, mostBytes };
    part.toMs = spans[index + 1]?.atMs ?? now.atMs;
    part.leastBytes = Math.min(part.leastBytes, leastBytes);
    part.mostBytes = Math.max(part.mostBytes, mostBytes);
    parts[number] = part;
  }
  const known = parts.filter((part) => part !== undefined);
  const last = known.at(-1);
  // A part without a span: nobody watched.
  if (last === undefined || known.length < riseParts || last.mostBytes <= mostBefore) return null;
  const slopes = known.slice(1).flatMap((part, index) => {
    const before = known[index]!;
    return [
      (part.leastBytes - before.leastBytes) / (part.fromMs - before.fromMs),
      (part.mostBytes - before.mostBytes) / (part.toMs - before.toMs),
    ];
  });
  return projected(Math.min(...slopes), now.totalBytes - Math.max(last.mostBytes, now.usedBytes), overMs, overMs);
}

function projected(bytesPerMs: number, freeBytes: number, overMs: number, farthestMs: number): DiskFill {
  const fullInMs = bytesPerMs > 0 ? Math.max(0, freeBytes) / bytesPerMs : Infinity;
  return {
    bytesPerSecond: bytesPerMs * 1000,
    fullInSeconds: fullInMs <= farthestMs ? fullInMs / 1000 : null,
    overSeconds: overMs / 1000,
  };
}

function medianSlope(turns: readonly Turn[]): number {
  const slopes = turns.flatMap((a, index) =>
    turns.slice(index + 1).map((b) => (b.bytes - a.bytes) / (b.atMs - a.atMs)),
  );
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)]!;
}

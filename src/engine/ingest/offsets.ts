import type { TopicEntry } from '../../history/cluster-history.ts';
import { appendToCurve } from '../../history/curve.ts';
import { dropForLogSpacing } from '../../history/points.ts';
import type { Intake } from './intake.ts';

/** Log start offsets: read before the commits, so that a purge up to a commit does not look like a loss (kafka.md, Reading). */
export function ingestLogStarts(intake: Intake): void {
  const { history, keeping, snapshot } = intake;
  const read = snapshot.reads['log-start-offsets'];
  if (read === undefined) return;
  for (const { topic, partitions, offsets } of read.value) {
    const topicRow = history.topicRows.get(topic);
    if (topicRow === undefined) continue;
    for (let i = 0; i < partitions.length; i++) {
      const row = keeping.partitionRow(topicRow, partitions[i]!);
      if (row >= 0) observeLogStart(intake, row, offsets[i]!, intake.readAt(read, leaderOf(intake, row)));
    }
  }
}

function observeLogStart({ history }: Intake, row: number, offset: number, atMs: number): void {
  const { numbers } = history.partitions;
  const before = numbers.logStartOffset[row]!;
  if (offset > before) {
    numbers.longestLogStartStep[row] = Math.max(
      numbers.longestLogStartStep[row]!,
      atMs - lastLogStartMove(history.logStarts, row, atMs),
    );
    history.logStarts.append(row, atMs, offset, 0, () => 0);
  }
  numbers.logStartOffset[row] = offset;
  numbers.logStartReadAt[row] = atMs;
}

function lastLogStartMove(moves: Intake['history']['logStarts'], row: number, otherwise: number): number {
  const count = moves.count(row);
  return count === 0 ? otherwise : moves.times[moves.start(row) + count - 1]!;
}

/** End offsets: the window of the produce rate, and the curve from offset to time. */
export function ingestEnds(intake: Intake, windowMinMs: number): void {
  const { history, keeping, snapshot } = intake;
  const read = snapshot.reads['end-offsets'];
  history.partitions.numbers.truncatedFrom.fill(Number.NaN);
  if (read === undefined) return;
  const spacingMs = windowMinMs / history.ends.perRow;
  const metadata = intake.coverage('cluster');
  for (const { topic, partitions, highWatermarks, lastStableOffsets } of read.value) {
    const topicRow = history.topicRows.get(topic);
    if (topicRow === undefined) continue;
    const topicIsUnsure = metadata.covers({ topic });
    for (let i = 0; i < partitions.length; i++) {
      const row = keeping.partitionRow(topicRow, partitions[i]!);
      if (row < 0) continue;
      const atMs = intake.readAt(read, leaderOf(intake, row));
      observeEnd(intake, row, highWatermarks[i]!, atMs, spacingMs, topicIsUnsure);
      observeLastStable(intake, row, lastStableOffsets[i]!, atMs);
    }
  }
}

/** `topicIsUnsure`: Metadata failed for it in this cycle, so that it may have been deleted and created anew. */
function observeEnd(
  { history }: Intake,
  row: number,
  end: number,
  atMs: number,
  spacingMs: number,
  topicIsUnsure: boolean,
): void {
  if (Number.isNaN(end)) return;
  const { numbers, codes, links } = history.partitions;
  const before = numbers.highWatermark[row]!;
  // A read that is no newer than the last one says nothing new, and time on the curve never goes back.
  if (atMs <= numbers.endReadAt[row]!) return;
  if (end > before) countProduced(history.topics[links.topicRow[row]!]!, end - before, atMs);
  if (!(end < before)) {
    codes.endFell[row] = 0;
  } else if (codes.endFell[row] === 0 || topicIsUnsure) {
    // A new leader's high watermark may lag for a moment (KIP-207): as good as unread.
    if (codes.endFell[row] === 0) numbers.fallenTo[row] = end;
    codes.endFell[row] = 1;
    return;
  } else {
    // It stays: truncated by an unclean election. What was known of these offsets is about other records.
    codes.endFell[row] = 0;
    // Without a topic ID it may as well be another topic of the same name.
    if (history.topics[links.topicRow[row]!]!.topicId !== null) numbers.truncatedFrom[row] = before;
    numbers.truncatedEpoch[row] = numbers.endLeaderEpoch[row]!;
    numbers.truncatedAt[row] = atMs;
    history.ends.clear(row);
    history.curves.clear(row);
    history.seeds.clear(row);
  }
  numbers.highWatermark[row] = end;
  numbers.endReadAt[row] = atMs;
  numbers.endLeaderEpoch[row] = numbers.leaderEpoch[row]!;
  appendSpaced(history.ends, row, atMs, end, spacingMs);
  appendToCurve(history.curves, row, atMs, end);
}

function countProduced(topic: TopicEntry, records: number, atMs: number): void {
  topic.producedRecords += records;
  topic.producedAt = atMs;
}

/**
 * The last stable offset lies below the high watermark where a transaction is open (or, between two reads, for a moment); as long as
 * it stands there, the same one is.
 */
function observeLastStable({ history }: Intake, row: number, lastStable: number, atMs: number): void {
  const { numbers, codes } = history.partitions;
  const isFirst = Number.isNaN(numbers.lastStableOffset[row]!);
  numbers.lastStableOffset[row] = lastStable;
  const end = numbers.highWatermark[row]!;
  if (Number.isNaN(lastStable) || numbers.endReadAt[row] !== atMs) return;
  const isOpen = lastStable < end;
  if (isOpen && lastStable === numbers.openTransactionOffset[row]) return;
  if (numbers.openTransactionSince[row]! < atMs) {
    numbers.freedOffset[row] = numbers.openTransactionOffset[row]!;
    numbers.freedAt[row] = atMs;
  }
  numbers.openTransactionOffset[row] = isOpen ? lastStable : Number.NaN;
  numbers.openTransactionSince[row] = isOpen ? atMs : Number.NaN;
  numbers.endAtOpenTransaction[row] = isOpen ? end : Number.NaN;
  codes.openedUnseen[row] = isOpen && isFirst ? 1 : 0;
}

/** Keeps the newest sample, and of the older ones those that are far enough apart for all of them to span the window. */
function appendSpaced(
  points: Intake['history']['ends'],
  row: number,
  atMs: number,
  value: number,
  spacingMs: number,
): void {
  const count = points.count(row);
  const newest = points.start(row) + count - 1;
  if (count >= 2 && points.times[newest]! - points.times[newest - 1]! < spacingMs) {
    points.times[newest] = atMs;
    points.values[newest] = value;
  } else {
    points.append(row, atMs, value, 0, () => 0);
  }
}

/** Answers of offsets-for-times: what the own samples do not reach back to, and how old records truly are. */
export function ingestTimeAnswers(intake: Intake): void {
  const { history, keeping, snapshot, moment } = intake;
  for (const { topic, partition, timestampMs, offset } of snapshot.reads['offsets-for-times']?.value ?? []) {
    const topicRow = history.topicRows.get(topic);
    const row = topicRow === undefined ? -1 : keeping.partitionRow(topicRow, partition);
    if (row < 0) continue;
    // No record is as young: all that is there is older.
    const known = offset ?? history.partitions.numbers.highWatermark[row]!;
    if (!Number.isNaN(known)) addSeed(history.seeds, row, timestampMs - moment.wallOffsetMs, known);
  }
}

function addSeed(seeds: Intake['history']['seeds'], row: number, atMs: number, offset: number): void {
  const count = seeds.count(row);
  for (let i = 0; i < count; i++) {
    if (seeds.times[seeds.start(row) + i] === atMs) {
      seeds.values[seeds.start(row) + i] = offset;
      return;
    }
  }
  seeds.append(row, atMs, offset, 0, (start, length) => dropForLogSpacing(seeds.times, start, length));
  sortNewest(seeds, row);
}

/** Moves the point that was appended to its place in time. */
function sortNewest(seeds: Intake['history']['seeds'], row: number): void {
  const { times, values } = seeds;
  for (let i = seeds.start(row) + seeds.count(row) - 1; i > seeds.start(row) && times[i - 1]! > times[i]!; i--) {
    [times[i - 1], times[i]] = [times[i]!, times[i - 1]!];
    [values[i - 1], values[i]] = [values[i]!, values[i - 1]!];
  }
}

function leaderOf({ history }: Intake, row: number): number | null {
  const leader = history.partitions.numbers.leader[row]!;
  return Number.isNaN(leader) ? null : leader;
}

import { residues } from '../../history/cluster-history.ts';
import { flatSince } from '../../history/curve.ts';
import { firstUnreadOffset, type MeasureContext, why } from './context.ts';

/**
 * Finds residues: the same small lag at several idle stands in a row is a transaction marker or a compacted tail, which no reader
 * will ever pass. A stand is idle when nothing is produced and nothing moves for some usual commit intervals; while a member
 * owns the partition, a stand that lasts as long again counts again: a living consumer would have read a record by then.
 *
 * What is known stays known when records come behind it: they are unread from the moment at which they came, the residue is not.
 */
export function measureResidue(context: MeasureContext, from: number, to: number): void {
  const { history, out } = context;
  const { alive } = history.seriesTable.rows;
  const { codes } = history.series;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0) continue;
    if (out.codes.whyLag[row] === why.known) {
      forgetPassed(context, row);
      countIdleStands(context, row);
      codes.residue[row] = residueOf(context, row);
    }
    out.numbers.unreadRecords[row] = Math.max(0, out.numbers.endOffset[row]! - firstUnreadOffset(history, row));
    if (Number.isNaN(out.numbers.lag[row]!)) out.numbers.unreadRecords[row] = Number.NaN;
  }
}

/** Before an idle tail nobody can know at first whether a living reader has read all that can be read. */
function residueOf({ history, out, settings }: MeasureContext, row: number): number {
  const { numbers, codes, links } = history.series;
  const lag = out.numbers.lag[row]!;
  if (lag === 0) return residues.none;
  if (numbers.residueUpTo[row]! >= out.numbers.endOffset[row]!) return residues.all;
  const isIdle = history.partitions.numbers.produceRate[links.partitionRow[row]!] === 0;
  const mayBe = isIdle && lag <= settings.residueMax && codes.assigned[row] === 1;
  return mayBe && Number.isNaN(numbers.residueUpTo[row]!) ? residues.perhaps : residues.none;
}

/** A residue ends where the reader has passed it, or where the log was cut. */
function forgetPassed({ history, out }: MeasureContext, row: number): void {
  const { residueUpTo, committedOffset } = history.series.numbers;
  const isPassed = residueUpTo[row]! <= committedOffset[row]!;
  if (isPassed || residueUpTo[row]! > out.numbers.endOffset[row]!) residueUpTo[row] = Number.NaN;
}

function countIdleStands({ history, out, settings }: MeasureContext, row: number): void {
  const { numbers, codes, links } = history.series;
  const { residueUpTo, standLag, standMs, lastMovedAt } = numbers;
  const partition = links.partitionRow[row]!;
  const lag = out.numbers.lag[row]!;
  const isSmall = lag > 0 && lag <= settings.residueMax;
  // Nothing to count, and nothing that was counted: most series, which need not be looked up on the curve.
  if (!isSmall && codes.standing[row] === 0 && codes.idleStands[row] === 0) return;
  const { produceRate, endReadAt } = history.partitions.numbers;
  const endMovedAt = flatSince(history.curves, partition);
  // Who moved after the last record had come has read what there was; who has not may hang before it: that takes longer to tell.
  const hasReadIt = endMovedAt <= lastMovedAt[row]!;
  const usual = settings.standIntervals * out.numbers.commitIntervalMs[row]!;
  const standLength = hasReadIt ? Math.min(usual, settings.residueStand) : settings.residueStand;
  const idleMs = produceRate[partition] === 0 ? Math.min(standMs[row]!, endReadAt[partition]! - endMovedAt) : 0;
  const isIdle = idleMs > standLength;
  if (!isSmall || !isIdle) {
    codes.standing[row] = 0;
    if (isIdle) codes.idleStands[row] = 0;
    // It has read all that came, and the same is left as ever.
    const isHabit = codes.idleStands[row]! >= settings.residueStands && lag === standLag[row]!;
    if (isSmall && isHabit && hasReadIt && codes.movedNow[row] === 1) residueUpTo[row] = out.numbers.endOffset[row]!;
    return;
  }
  // Behind a residue that nobody has passed, records came: they wait.
  if (residueUpTo[row]! < out.numbers.endOffset[row]!) return;
  const stands = codes.assigned[row] === 1 ? Math.min(255, Math.floor(idleMs / standLength)) : 1;
  if (lag !== standLag[row]!) codes.idleStands[row] = 0;
  if (codes.standing[row]! < stands) {
    codes.idleStands[row] = Math.min(255, codes.idleStands[row]! + stands - codes.standing[row]!);
    codes.standing[row] = stands;
  }
  standLag[row] = lag;
  if (codes.idleStands[row]! >= settings.residueStands) residueUpTo[row] = out.numbers.endOffset[row]!;
}

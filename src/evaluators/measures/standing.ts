import { type MeasureContext, why } from './context.ts';

/**
 * Finds residues: the same small lag at several idle stands in a row is a transaction marker or a compacted tail, which no reader
 * will ever pass. A stand is idle when nothing is produced and nothing has moved for some usual commit intervals; while a member
 * owns the partition, a stand that lasts as long again counts again: a living consumer would have read a record by then.
 */
export function measureResidue({ history, out, settings }: MeasureContext, from: number, to: number): void {
  const { alive } = history.seriesTable.rows;
  const { numbers, codes, links } = history.series;
  const { produceRate } = history.partitions.numbers;
  for (let row = from; row < to; row++) {
    if (alive[row] === 0 || out.codes.whyLag[row] !== why.known) continue;
    const lag = out.numbers.lag[row]!;
    const standLength = settings.standIntervals * out.numbers.commitIntervalMs[row]!;
    const isIdle = numbers.standMs[row]! > standLength && produceRate[links.partitionRow[row]!] === 0;
    const isSmall = lag > 0 && lag <= settings.residueMax;
    if (!isSmall || !isIdle) {
      codes.standing[row] = 0;
      codes.residue[row] = isSmall && lag === numbers.standLag[row]! && codes.residue[row] === 1 ? 1 : 0;
      if (isIdle) codes.idleStands[row] = 0;
      continue;
    }
    const stands = codes.assigned[row] === 1 ? Math.floor(numbers.standMs[row]! / standLength) : 1;
    if (lag !== numbers.standLag[row]!) codes.idleStands[row] = 0;
    if (codes.standing[row]! < stands) {
      codes.idleStands[row] = Math.min(255, codes.idleStands[row]! + stands - codes.standing[row]!);
      codes.standing[row] = Math.min(255, stands);
    }
    numbers.standLag[row] = lag;
    codes.residue[row] = codes.idleStands[row]! >= settings.residueStands ? 1 : 0;
  }
}

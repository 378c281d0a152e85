import { ownerships, type Report } from './report.ts';

const abandoned = ownerships.indexOf('abandoned');
const dropped = ownerships.indexOf('dropped');

/** Whether a series of this ownership (code) speaks for its group: what was abandoned or dropped nobody is meant to read. */
export function isJudged(ownership: number): boolean {
  return ownership !== abandoned && ownership !== dropped;
}

/** The living series that a group's numbers come from: those that are judged; where none is, all of them. */
export function judgedSeries({ groups, series }: Pick<Report, 'groups' | 'series'>, groupRow: number): number[] {
  return judgedAmong(
    series,
    Array.from(groups.seriesRows[groupRow]!).filter((row) => series.alive[row] === 1),
  );
}

/** Of these living series those that are judged; where none is, all of them. */
export function judgedAmong(series: Report['series'], rows: number[]): number[] {
  const judged = rows.filter((row) => isJudged(series.ownership[row]!));
  return judged.length > 0 ? judged : rows;
}

import { Duration } from '../../model/duration.ts';
import type { SeriesRow } from '../rows/row-types.ts';

export const newcomerThresholds = {
  newcomerFor: Duration(
    '1h',
    'time during which a series that nobody was seen to own or to move is shown as info only: it may have been left long ago',
  ),
};

/** Whether nobody can know yet if a reader was lost or had been gone for days when tidemark came. */
export function isNewcomer(row: SeriesRow, thresholds: { newcomerFor: number }): boolean {
  return row.ownership === 'orphaned' && !row.everActive && row.watchedMs < thresholds.newcomerFor;
}

import type { ClusterHistory } from '../../history/cluster-history.ts';
import type { Columns } from '../../history/columns.ts';
import { type SeriesCode, type SeriesColumn, type UnknownReason, unknownReasons } from '../../model/report.ts';
import type { MeasureSettings } from './settings.ts';

export type SeriesResults = Pick<
  Columns<SeriesColumn, SeriesCode, 'groupRow' | 'partitionRow' | 'memberIndex'>,
  'numbers' | 'codes' | 'links'
>;

/** What every measure works on: the history, where to write the results, and the moment. */
export interface MeasureContext {
  readonly history: ClusterHistory;
  readonly out: SeriesResults;
  readonly settings: MeasureSettings;
  readonly intervalMs: number;
  /** Engine time. */
  readonly nowMs: number;
  /** wall - engine time */
  readonly wallOffsetMs: number;
  /** From this age on data is stale, ms. */
  readonly staleAfterMs: Readonly<
    Record<'ends' | 'commits' | 'membership' | 'logDirs' | 'quorum' | 'permissions', number>
  >;
}

/** The code of each reason in the why-columns. */
export const why = Object.fromEntries(unknownReasons.map((reason, code) => [reason ?? 'known', code])) as Record<
  Exclude<UnknownReason, null> | 'known',
  number
>;

/** The code of each word of a list, by word. */
export function codesOf<W extends string>(words: readonly (W | null)[]): Record<W, number> {
  const entries = words.flatMap((word, code) => (word === null ? [] : [[word, code] as const]));
  return Object.fromEntries(entries) as Record<W, number>;
}

/** Whether a policy measures this row's lag to the last stable offset. */
export function endOffsetOf({ partitions }: ClusterHistory, partitionRow: number, isReadCommitted: boolean): number {
  const { lastStableOffset, highWatermark } = partitions.numbers;
  return isReadCommitted ? lastStableOffset[partitionRow]! : highWatermark[partitionRow]!;
}

/** The first offset that somebody could still read: the committed one, or where a known residue before it ends. */
export function firstUnreadOffset({ series }: ClusterHistory, row: number): number {
  const { committedOffset, residueUpTo } = series.numbers;
  // biome-ignore lint/complexity/useMathMinMax: a residue that is not known is NaN, which Math.max would hand on
  return residueUpTo[row]! > committedOffset[row]! ? residueUpTo[row]! : committedOffset[row]!;
}

/** Observed for longer than this since the poll before, something was missed in between. */
export function gapMs(intervalMs: number): number {
  return 3 * intervalMs;
}

import type { groupFields, HistoryField, partitionFields, seriesFields } from '../model/series-reader.ts';
import type { Cells } from './plane-codec.ts';
import { fromCode } from './rounded.ts';

/** What is stored block by block; the index is part of a block's address on disk: append only. */
export const kinds = ['partition', 'series', 'group'] as const;
export type Kind = (typeof kinds)[number];

/** Which of several values stands for all of them in a coarser tier, and in a plot with fewer points; `min` only for rounded ones. */
export type Keep = 'last' | 'max' | 'min';

export interface Plane<Field = HistoryField> {
  field: Field;
  /** Offsets, bytes and counts are exact; seconds and ratios are rounded (rounded.ts). */
  exact: boolean;
  keep: Keep;
}

const partitionPlanes: readonly Plane<(typeof partitionFields)[number]>[] = [
  { field: 'logStartOffset', exact: true, keep: 'last' },
  { field: 'highWatermark', exact: true, keep: 'last' },
  { field: 'lastStableOffset', exact: true, keep: 'last' },
  { field: 'sizeBytes', exact: true, keep: 'last' },
];

const seriesPlanes: readonly Plane<(typeof seriesFields)[number]>[] = [
  { field: 'committedOffset', exact: true, keep: 'last' },
  { field: 'lag', exact: true, keep: 'max' },
  { field: 'timeLagSeconds', exact: false, keep: 'max' },
  { field: 'timeToDrainSeconds', exact: false, keep: 'last' },
  { field: 'timeToLossEarliestSeconds', exact: false, keep: 'min' },
  { field: 'timeToLossLatestSeconds', exact: false, keep: 'last' },
  { field: 'retentionUsedRatio', exact: false, keep: 'max' },
];

const groupPlanes: readonly Plane<(typeof groupFields)[number]>[] = [
  { field: 'lag', exact: true, keep: 'max' },
  { field: 'maxTimeLagSeconds', exact: false, keep: 'max' },
  { field: 'rebalances', exact: true, keep: 'last' },
];

/** The planes of a block, in their order on disk: append only. */
export const planes = { partition: partitionPlanes, series: seriesPlanes, group: groupPlanes } as const;

/** Neighbours in a block; an id's block is id >> blockBits. */
export const blockBits = 10;
export const blockSize = 1 << blockBits;

/** Cells of one plane, without any value. */
export function newCells(plane: Plane): Cells {
  return plane.exact ? new Float64Array(blockSize).fill(Number.NaN) : new Uint16Array(blockSize);
}

/** What a cell of that plane holds where there is no value. */
export function absent(plane: Plane): number {
  return plane.exact ? Number.NaN : 0;
}

/** The number in a cell; NaN: none. */
export function cellValue(plane: Plane, cell: number): number {
  return plane.exact ? cell : fromCode(cell);
}

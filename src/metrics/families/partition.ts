import type { BulkFamily } from '../family.ts';

export const partitionFamilies: readonly BulkFamily[] = [
  {
    name: 'tidemark_partition_end_offset',
    type: 'gauge',
    help: 'High watermark of the partition',
    stability: 'stable',
    rows: 'partition',
    column: ({ partitions }) => partitions.highWatermark,
    unit: 'records',
  },
  {
    name: 'tidemark_partition_log_start_offset',
    type: 'gauge',
    help: 'First offset that the partition still holds',
    stability: 'stable',
    rows: 'partition',
    column: ({ partitions }) => partitions.logStartOffset,
    unit: 'records',
  },
];

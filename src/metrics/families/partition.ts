import type { MetricFamily } from '../family.ts';

export const partitionFamilies: readonly MetricFamily[] = [
  {
    name: 'tidemark_partition_end_offset',
    type: 'gauge',
    help: 'High watermark of the partition',
    stability: 'stable',
    rows: 'partition',
    sample: ({ report }, row, write) => write(report.partitions.highWatermark[row]),
  },
  {
    name: 'tidemark_partition_log_start_offset',
    type: 'gauge',
    help: 'First offset that the partition still holds',
    stability: 'stable',
    rows: 'partition',
    sample: ({ report }, row, write) => write(report.partitions.logStartOffset[row]),
  },
];

import type { BrokerRow, Report } from '../../model/report.ts';
import { aliveRows } from '../../model/report-view.ts';
import { type RowFamily, thousandths } from '../family.ts';
import { labelText } from '../labels.ts';

const ofCluster = { type: 'gauge', stability: 'stable', rows: 'cluster' } as const;
const ofBroker = { type: 'gauge', stability: 'stable', rows: 'broker' } as const;

export const clusterReachable: RowFamily = {
  ...ofCluster,
  staleToo: true,
  name: 'tidemark_cluster_reachable',
  help: 'Whether the last cycle could read the metadata of the cluster',
  sample: ({ report }, _row, write) => write(report.reachable ? 1 : 0),
};

export const clusterFamilies: readonly RowFamily[] = [
  {
    ...ofCluster,
    name: 'tidemark_cluster_info',
    help: 'What the cluster is: always 1',
    labels: ['cluster_id'],
    staleToo: true,
    sample: ({ report: { clusterId } }, _row, write) => {
      if (clusterId !== null) write(1, labelText({ cluster_id: clusterId }));
    },
  },
  clusterReachable,
  {
    ...ofCluster,
    name: 'tidemark_brokers',
    help: 'Brokers that live',
    sample: ({ report }, _row, write) => write(report.brokers.filter((broker) => broker.up).length),
  },
  {
    ...ofBroker,
    name: 'tidemark_broker_up',
    help: 'Whether the broker lives; 0 while replica lists name it and metadata does not',
    sample: ({ report }, row, write) => write(report.brokers[row]!.up ? 1 : 0),
  },
  {
    ...ofBroker,
    name: 'tidemark_broker_info',
    help: 'Where the broker stands: always 1',
    labels: ['rack'],
    staleToo: true,
    sample: ({ report }, row, write) => write(1, labelText({ rack: report.brokers[row]!.rack })),
  },
  {
    ...ofBroker,
    name: 'tidemark_broker_replicas',
    help: 'Replicas that the broker holds',
    sample: ({ report }, row, write) => write(report.brokers[row]!.replicas),
  },
  {
    ...ofBroker,
    name: 'tidemark_broker_leaders',
    help: 'Partitions that the broker leads',
    sample: ({ report }, row, write) => write(report.brokers[row]!.leaders),
  },
  {
    ...ofBroker,
    name: 'tidemark_log_dir_total_bytes',
    help: 'Size of the volume of the log directory (KIP-827)',
    labels: ['log_dir'],
    sample: ({ report }, row, write) => eachLogDir(report, row, (dir, labels) => write(dir.totalBytes, labels)),
  },
  {
    ...ofBroker,
    name: 'tidemark_log_dir_usable_bytes',
    help: 'Free space on the volume of the log directory (KIP-827)',
    labels: ['log_dir'],
    sample: ({ report }, row, write) => eachLogDir(report, row, (dir, labels) => write(dir.usableBytes, labels)),
  },
  {
    ...ofCluster,
    name: 'tidemark_reassigning_partitions',
    help: 'Partitions to which a reassignment is adding replicas',
    sample: ({ report }, _row, write) => {
      let reassigning = 0;
      for (const row of aliveRows(report.partitions)) if (report.partitions.addingReplicas[row]! > 0) reassigning++;
      write(reassigning);
    },
  },
  {
    ...ofCluster,
    name: 'tidemark_quorum_leader_changes_total',
    type: 'counter',
    help: 'Changes of the leader of the metadata quorum that polls showed',
    sample: ({ report: { quorum } }, _row, write) => write(quorum?.leaderChanges),
  },
  {
    ...ofCluster,
    name: 'tidemark_quorum_voter_lag_records',
    help: 'Records of the metadata log that a voter of the quorum lacks',
    labels: ['voter'],
    sample: ({ report: { quorum } }, _row, write) => {
      if (quorum === null || quorum.age === 'stale') return;
      for (const { brokerId, lag } of quorum.voters) write(lag, labelText({ voter: brokerId }));
    },
  },
  {
    ...ofCluster,
    name: 'tidemark_collector_last_success_timestamp_seconds',
    help: 'When a run of the collector last read anything, all of it or a part, Unix time',
    labels: ['collector'],
    staleToo: true,
    sample: ({ report }, _row, write) => {
      for (const status of report.collectors) {
        const { collector, lastSuccessMs } = status;
        write(lastSuccessMs === null ? null : thousandths(lastSuccessMs / 1000), labelText({ collector }));
      }
    },
  },
  {
    ...ofCluster,
    name: 'tidemark_collector_duration_seconds',
    help: 'How long the last run of the collector took',
    labels: ['collector'],
    staleToo: true,
    sample: ({ report }, _row, write) => {
      for (const { collector, durationMs } of report.collectors) {
        write(thousandths(durationMs / 1000), labelText({ collector }));
      }
    },
  },
];

function eachLogDir(report: Report, row: number, visit: (dir: BrokerRow['logDirs'][number], labels: string) => void) {
  for (const dir of report.brokers[row]!.logDirs) if (dir.age !== 'stale') visit(dir, labelText({ log_dir: dir.path }));
}

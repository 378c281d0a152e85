import type { ClusterHistory } from '../history/cluster-history.ts';
import type { BrokerRow } from '../model/report.ts';
import type { Broker } from '../model/snapshot.ts';

/** One row a broker: the living, and those that some replica list names although they do not live. */
export function brokerRows(history: ClusterHistory): BrokerRow[] {
  const leaders = new Map<number, number>();
  const replicas = new Map<number, number>();
  const count = (counts: Map<number, number>, id: number) => counts.set(id, (counts.get(id) ?? 0) + 1);
  const { leader } = history.partitions.numbers;
  const { alive, count: rows } = history.partitionTable.rows;
  for (let row = 0; row < rows; row++) {
    if (alive[row] === 0) continue;
    if (!Number.isNaN(leader[row]!)) count(leaders, leader[row]!);
    for (const id of history.replicaIds[row]!) count(replicas, id);
  }
  const living = new Map(history.brokers.map((broker) => [broker.brokerId, broker]));
  const ids = [...new Set([...living.keys(), ...replicas.keys()])].sort((a, b) => a - b);
  return ids.map((brokerId) => ({
    ...(living.get(brokerId) ?? nowhere(brokerId)),
    up: living.has(brokerId),
    leaders: leaders.get(brokerId) ?? 0,
    replicas: replicas.get(brokerId) ?? 0,
    logDirs: history.logDirs
      .filter((logDir) => logDir.brokerId === brokerId)
      .map(({ path, totalBytes, usableBytes, error }) => ({ path, totalBytes, usableBytes, error })),
  }));
}

/** Metadata lists only the living: of the others nothing but the ID is known. */
function nowhere(brokerId: number): Broker {
  return { brokerId, host: '', port: 0, rack: null };
}

import type { ClusterHistory } from '../history/cluster-history.ts';
import type { BrokerRow } from '../model/report.ts';
import type { Broker } from '../model/snapshot.ts';

/**
 * One row a broker: the living, and those that some replica list names although they do not live. None where it was never read
 * who lives.
 *
 * @param staleAt engine time: what log dirs told before it is stale
 */
export function brokerRows(history: ClusterHistory, staleAt: number): BrokerRow[] {
  if (history.brokers === null) return [];
  const leaders = new Map<number, number>();
  const replicas = new Map<number, number>();
  const sizes = new Map<number, number>();
  const count = (counts: Map<number, number>, id: number, by = 1) => counts.set(id, (counts.get(id) ?? 0) + by);
  const { leader, sizeBytes } = history.partitions.numbers;
  const { alive, count: rows } = history.partitionTable.rows;
  for (let row = 0; row < rows; row++) {
    if (alive[row] === 0) continue;
    if (!Number.isNaN(leader[row]!)) count(leaders, leader[row]!);
    const size = sizeBytes[row]!;
    for (const id of history.replicaIds[row]!) {
      count(replicas, id);
      if (!Number.isNaN(size)) count(sizes, id, size);
    }
  }
  const living = new Map(history.brokers.map((broker) => [broker.brokerId, broker]));
  const ids = [...new Set([...living.keys(), ...replicas.keys()])].sort((a, b) => a - b);
  return ids.map((brokerId) => ({
    ...(living.get(brokerId) ?? nowhere(brokerId)),
    up: living.has(brokerId),
    leaders: leaders.get(brokerId) ?? 0,
    replicas: replicas.get(brokerId) ?? 0,
    sizeBytes: sizes.get(brokerId) ?? null,
    logDirs: history.logDirs.ofBroker(brokerId).map(({ path, totalBytes, usableBytes, error, readAt, fill }) => ({
      ...{ path, totalBytes, usableBytes, error, fill },
      age: readAt < staleAt ? 'stale' : 'current',
    })),
  }));
}

/** Metadata lists only the living: of the others nothing but the ID is known. */
function nowhere(brokerId: number): Broker {
  return { brokerId, host: '', port: 0, rack: null };
}

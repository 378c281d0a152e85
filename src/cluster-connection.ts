import type { ClusterSettings } from './config/schema.ts';
import type { KafkaPort } from './kafka/port.ts';
import { createWirePort } from './kafka/wire/wire-port.ts';
import type { Clock } from './model/clock.ts';

/** The port to a cluster as its settings describe it. Connects when first asked. */
export function openPort(cluster: ClusterSettings, clock: Clock): KafkaPort {
  return createWirePort(
    {
      bootstrapServers: cluster.bootstrapServers.split(',').map((server) => server.trim()),
      clientId: 'tidemark',
      connectTimeoutMs: cluster.connectTimeout,
      requestTimeoutMs: cluster.requestTimeout,
    },
    clock,
  );
}

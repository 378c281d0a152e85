import { KafkaClients } from './clients.ts';
import { KafkaCluster } from './kafka-cluster.ts';
import { bootstrapVariable } from './shared-cluster.ts';

/**
 * Clients on the stage's cluster; a file that is run alone gets a cluster of its own, gone with the clients.
 *
 *     const kafka = await testKafka();
 *     after(() => kafka[Symbol.asyncDispose]());
 */
export async function testKafka(): Promise<KafkaClients> {
  const bootstrapServers = process.env[bootstrapVariable];
  if (bootstrapServers) return new KafkaClients(bootstrapServers);
  return new ClientsWithCluster(await KafkaCluster.start());
}

class ClientsWithCluster extends KafkaClients {
  readonly #cluster: KafkaCluster;

  constructor(cluster: KafkaCluster) {
    super(cluster.bootstrapServers);
    this.#cluster = cluster;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await this.#cluster[Symbol.asyncDispose]();
  }
}

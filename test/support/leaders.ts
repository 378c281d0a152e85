import { alterPartitionReassignmentsV1 } from '@platformatic/kafka';
import { electPreferredLeader } from './more-apis.ts';
import { until } from './until.ts';
import { connected, topicMetadata } from './wire.ts';

/** Gives a partition these replicas, the preferred leader first; new ones begin to copy. */
export async function placeReplicas(
  bootstrapServers: string,
  topic: string,
  partition: number,
  replicas: readonly number[],
): Promise<void> {
  await using connection = await connected(bootstrapServers.split(',')[0]!);
  const move = [{ name: topic, partitions: [{ partitionIndex: partition, replicas: [...replicas] }] }];
  await alterPartitionReassignmentsV1.api.async(connection, 10_000, true, move);
}

/** Has the first of these replicas, all of which the partition must have already and in sync, lead it. Brokers learn it a moment later. */
export async function electLeader(
  bootstrapServers: string,
  topic: string,
  partition: number,
  replicas: readonly number[],
): Promise<void> {
  await placeReplicas(bootstrapServers, topic, partition, replicas);
  await using connection = await connected(bootstrapServers.split(',')[0]!);
  await electPreferredLeader(connection, topic, partition);
}

/** As {@link electLeader}, and waits until every broker knows. */
export async function moveLeader(
  bootstrapServers: string,
  topic: string,
  partition: number,
  replicas: readonly number[],
): Promise<void> {
  await electLeader(bootstrapServers, topic, partition, replicas);
  const [leader] = replicas;
  for (const address of bootstrapServers.split(',')) {
    await until(`${address} knows that broker ${leader} leads ${topic} partition ${partition}`, async () => {
      const metadata = await topicMetadata(address, topic);
      return metadata?.partitions.find(({ partitionIndex }) => partitionIndex === partition)?.leaderId === leader;
    });
  }
}

import { Connection, findCoordinatorV6, metadataV12, ResponseError } from '@platformatic/kafka';

/** A connection to one broker by the wire library, closed by `await using`. @param address host:port */
export async function connected(address: string, requestTimeoutMs = 10_000): Promise<Connection & AsyncDisposable> {
  const [host = '', port] = address.split(':');
  const connection = new Connection('tidemark-test', { connectTimeout: 2_000, requestTimeout: requestTimeoutMs });
  await connection.connect(host, Number(port));
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}

/** A connection to the broker that coordinates a group; an answer may have to wait until all members have joined. */
export async function connectedToCoordinator(
  bootstrapServers: string,
  groupId: string,
): Promise<Connection & AsyncDisposable> {
  await using any = await connected(bootstrapServers.split(',')[0]!);
  const consumerGroups = 0;
  const { coordinators } = await findCoordinatorV6.api.async(any, consumerGroups, [groupId]);
  const { host, port } = coordinators[0]!;
  return await connected(`${host}:${port}`, 60_000);
}

/** What one broker knows of a topic; undefined while it knows nothing. */
export async function topicMetadata(address: string, topic: string) {
  await using connection = await connected(address);
  try {
    const { topics } = await metadataV12.api.async(connection, [topic]);
    return topics[0];
  } catch (error) {
    if (error instanceof ResponseError) return undefined;
    throw error;
  }
}

/** Whether the error says that nobody listens there: the broker is down. */
export function isRefused(error: unknown): boolean {
  return (error as { cause?: { code?: unknown } }).cause?.code === 'ECONNREFUSED';
}

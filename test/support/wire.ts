import { Connection } from '@platformatic/kafka';

/** A connection to one broker by the wire library, closed by `await using`. @param address host:port */
export async function connected(address: string): Promise<Connection & AsyncDisposable> {
  const [host = '', port] = address.split(':');
  const connection = new Connection('tidemark-test', { connectTimeout: 2_000, requestTimeout: 10_000 });
  await connection.connect(host, Number(port));
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}

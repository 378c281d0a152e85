import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports on loopback that nobody listens on right now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    return servers.map((server) => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
      return address.port;
    });
  } finally {
    for (const server of servers) server.close();
  }
}

import { TidemarkError } from '../../model/errors.ts';

/** Where a broker listens. */
export interface Address {
  host: string;
  port: number;
}

/**
 * Reads `host:port`; IPv6 as `[::1]:9092`.
 * @throws TidemarkError config.invalid
 */
export function parseAddress(text: string): Address {
  const match = /^\s*(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})\s*$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new TidemarkError('config.invalid', `"${text}" is no bootstrap server: write host:port, as in kafka-1:9092`);
  }
  return { host, port };
}

/** The address as Kafka's own tools write it. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

import { once } from 'node:events';
import { get } from 'node:http';

export interface Scrape {
  readonly seconds: number;
  /** As they went over the wire: compressed. */
  readonly bytes: number;
  readonly body: Buffer;
}

/** Asks a page as Prometheus does: gzip accepted, the whole body read, timed from the first byte out to the last byte in. */
export async function scrape(url: string): Promise<Scrape> {
  const startedAt = performance.now();
  const request = get(url, {
    headers: { 'accept-encoding': 'gzip', accept: 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1' },
  });
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  if (response.statusCode !== 200) throw new Error(`${url} answered with status ${response.statusCode}`);
  const body = Buffer.concat(chunks);
  return { seconds: (performance.now() - startedAt) / 1000, bytes: body.length, body };
}

/** Sum of a family's samples by the value of one label (`''` where it has none), from Prometheus text. */
export function samplesOf(text: string, family: string, label?: string): Map<string, number> {
  const sums = new Map<string, number>();
  const pattern = new RegExp(`^${family}(?:\\{([^}]*)\\})? (\\S+)`, 'gm');
  for (const [, labels = '', value] of text.matchAll(pattern)) {
    const key = label === undefined ? '' : (new RegExp(`${label}="([^"]*)"`).exec(labels)?.[1] ?? '');
    sums.set(key, (sums.get(key) ?? 0) + Number(value));
  }
  return sums;
}

/** Samples on a page, all families together. */
export function countSamples(text: string): number {
  return text.match(/^[a-z]/gm)?.length ?? 0;
}

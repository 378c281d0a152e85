import { gunzipSync } from 'node:zlib';
import { pages as allPages, type Page } from '../../src/metrics/catalogue.ts';
import { Exposition, type ExpositionOptions } from '../../src/metrics/exposition.ts';
import { SelfMetrics } from '../../src/metrics/self-metrics.ts';
import type { Format } from '../../src/metrics/text-format.ts';
import type { Report } from '../../src/model/report.ts';

/** An exposition with plain settings, and what it logs. */
export function makeExposition(options: Partial<ExpositionOptions> = {}) {
  const log: string[] = [];
  const clusterLabel = options.clusterLabel ?? 'kafka_cluster';
  const self = new SelfMetrics({ version: '1.2.3', nodeVersion: 'v24.0.0', clusterLabel });
  const exposition = new Exposition({
    clusterLabel,
    findingCodes: [],
    sampleBudget: 1_000_000,
    detail: 'auto',
    self,
    log: (sentence) => log.push(sentence),
    ...options,
  });
  return { exposition, self, log };
}

/** The text of some pages. */
export async function textOf(
  exposition: Exposition,
  pages: readonly Page[] = allPages,
  format: Format = 'text',
): Promise<string> {
  return gunzipSync(await exposition.gzip(pages, format)).toString();
}

/** The samples of the families whose names begin with `prefix`, of one report, without headers. */
export async function linesOf(
  report: Report,
  prefix: string,
  options: Partial<ExpositionOptions> = {},
): Promise<string[]> {
  const { exposition } = makeExposition(options);
  await exposition.add(report.cluster).publish(report);
  const text = await textOf(exposition);
  return text.split('\n').filter((line) => line.startsWith(prefix));
}

import type { Report } from '../model/report.ts';
import { catalogue, type Page, pageOf, sheddingOrder } from './catalogue.ts';
import { clusterReachable } from './families/cluster.ts';
import type { MetricFamily } from './family.ts';
import { gzipParts, type Part } from './gzip-segments.ts';
import { type FamilySamples, Renderer } from './render.ts';
import { RowLabels } from './row-labels.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { registryText } from './self-text.ts';
import { type Format, familyHeader, formats } from './text-format.ts';

export interface ExpositionOptions {
  /** Name of the label that holds the cluster's name. */
  clusterLabel: string;
  /** Every code that a rule knows. */
  findingCodes: readonly string[];
  /** Samples beyond this many leave, by whole families (sheddingOrder). */
  sampleBudget: number;
  /** Whether /metrics holds the partitions too; `auto`: below 20,000 group and partition rows. */
  detail: 'auto' | 'joined' | 'separate';
  self: SelfMetrics;
  /** Takes a sentence for the log. */
  log: (sentence: string) => void;
}

/** Up to this many group and partition rows one page serves all. */
const joinedBelowSeries = 20_000;

/** Cycles without a report after which the samples of the last one leave: as rows turn stale. */
const staleAfterFailures = 3;

const noSamples: FamilySamples = { parts: [], count: 0 };

/**
 * The samples of one cluster, as of its last publish. Text is compressed while it is rendered, and only that is kept: some 4 MB for
 * 100,000 series, where the text would be 50 (and as much again while the next is made).
 */
export class ClusterSamples {
  readonly #exposition: Exposition;
  #renderer: Renderer | null = null;
  #families: ReadonlyMap<string, FamilySamples>;
  #name: string;
  #failures = 0;
  /** A cycle has ended, well or badly. */
  begun = false;
  /** Group and partition rows of the last report that was read in full; null before the first of those. */
  seriesCount: number | null = null;

  constructor(name: string, exposition: Exposition) {
    this.#name = name;
    this.#exposition = exposition;
    this.#families = this.#unreachable();
  }

  /** Renders the report, with rests for the event loop; it must stay as it is until the promise settles. */
  async publish(report: Report): Promise<void> {
    const { findingCodes } = this.#exposition.options;
    const renderer = this.#rendererFor(report.cluster);
    // Kept only when all went well: half of what it remembers would be of this report otherwise.
    this.#renderer = null;
    const families = await renderer.render({ report, findingCodes }, (name) => this.#exposition.isDropped(name));
    this.#renderer = renderer;
    for (const { name } of catalogue) {
      if (this.#exposition.isDropped(name))
        families.set(name, { parts: [], count: this.#families.get(name)?.count ?? 0 });
    }
    this.#families = families;
    this.#failures = 0;
    this.begun = true;
    if (wasReadInFull(report)) this.seriesCount = report.counts.series;
    this.#exposition.options.self.report(report);
    this.#exposition.cycleEnded();
  }

  /** A cycle ended without a report. */
  fail(): void {
    this.#failures++;
    if (this.#failures >= staleAfterFailures) this.#families = this.#unreachable();
    this.begun = true;
    this.#exposition.cycleEnded();
  }

  samples(family: MetricFamily): FamilySamples {
    return this.#families.get(family.name) ?? noSamples;
  }

  #rendererFor(cluster: string): Renderer {
    if (this.#renderer !== null && this.#name === cluster) return this.#renderer;
    this.#name = cluster;
    return new Renderer(new RowLabels(this.#exposition.options.clusterLabel, cluster));
  }

  /** All that is known of a cluster that never answered. */
  #unreachable(): ReadonlyMap<string, FamilySamples> {
    const labels = new RowLabels(this.#exposition.options.clusterLabel, this.#name);
    const line = Buffer.concat([Buffer.from(clusterReachable.name), labels.cluster, Buffer.from('} 0\n')]);
    return new Map([[clusterReachable.name, { parts: [line], count: 1 }]]);
  }
}

/** Without commits there are no series, which would look like a small cluster. */
function wasReadInFull({ reachable, collectors }: Report): boolean {
  return (
    reachable && !collectors.some((status) => status.collector === 'committed-offsets' && status.outcome === 'failed')
  );
}

/** What /metrics and /metrics/partitions serve. A scrape reads memory only: it costs neither a rendering nor a question to Kafka. */
export class Exposition {
  readonly options: ExpositionOptions;
  readonly #clusters = new Set<ClusterSamples>();
  readonly #dropped = new Set<string>();
  #joined: boolean | null;

  constructor(options: ExpositionOptions) {
    this.options = options;
    this.#joined = options.detail === 'auto' ? null : options.detail === 'joined';
    if (this.#joined !== null) options.self.detailJoined(this.#joined);
  }

  /** A cluster is watched. Until its first publish, the exposition says that it is not reachable. */
  add(name: string): ClusterSamples {
    const samples = new ClusterSamples(name, this);
    this.#clusters.add(samples);
    return samples;
  }

  remove(samples: ClusterSamples): void {
    this.#clusters.delete(samples);
  }

  /** Whether /metrics holds the partitions as well; false until the first cycle of every cluster has ended and one was read in full, then for good. */
  get detailJoined(): boolean {
    return this.#joined === true;
  }

  /** Left out for the rest of this process: a family that came and went with each scrape would be worse than none. */
  isDropped(name: string): boolean {
    return this.#dropped.has(name);
  }

  /** For ClusterSamples: its numbers changed. */
  cycleEnded(): void {
    this.#chooseDetail();
    this.#keepBudget();
    this.options.self.exposition(
      catalogue.map(({ name }) => ({ name, samples: this.#count(name), dropped: this.isDropped(name) })),
    );
  }

  /** A page in gzip. Its text never exists as a whole on this side. */
  async gzip(pages: readonly Page[], format: Format): Promise<Buffer> {
    const parts: Part[] = [];
    for (const family of catalogue) {
      if (!pages.includes(pageOf(family)) || this.isDropped(family.name)) continue;
      const samples = [...this.#clusters].flatMap((cluster) => cluster.samples(family).parts);
      if (samples.length > 0) parts.push(Buffer.from(familyHeader(family, format)), ...samples);
    }
    const own = pages.includes('main') ? await registryText(this.options.self.registry, format) : '';
    parts.push(Buffer.from(own + formats[format].end));
    return gzipParts(parts);
  }

  #count(name: string): number {
    const family = catalogue.find((entry) => entry.name === name);
    if (family === undefined) return 0;
    return [...this.#clusters].reduce((sum, cluster) => sum + cluster.samples(family).count, 0);
  }

  #chooseDetail(): void {
    if (this.#joined !== null) return;
    const clusters = [...this.#clusters];
    // One cluster that cannot be reached must not hold up the choice for the others; before any was read there is nothing to choose by.
    if (clusters.some(({ begun }) => !begun) || clusters.every(({ seriesCount }) => seriesCount === null)) return;
    const series = clusters.reduce((sum, { seriesCount }) => sum + (seriesCount ?? 0), 0);
    this.#joined = series < joinedBelowSeries;
    this.options.self.detailJoined(this.#joined);
    this.options.log(
      this.#joined
        ? `${series} group and partition rows: /metrics holds them all.`
        : `${series} group and partition rows: they stand on /metrics/partitions, for a scrape job of its own.`,
    );
  }

  #keepBudget(): void {
    const counts = new Map(catalogue.map(({ name }) => [name as string, this.isDropped(name) ? 0 : this.#count(name)]));
    let total = counts.values().reduce((sum, count) => sum + count, 0);
    for (const name of sheddingOrder) {
      if (total <= this.options.sampleBudget) return;
      const count = counts.get(name) ?? 0;
      if (count === 0) continue;
      total -= count;
      this.#dropped.add(name);
      this.options.log(
        `${name} with ${count} samples leaves the exposition until restart: the budget is ${this.options.sampleBudget} samples.`,
      );
    }
  }
}

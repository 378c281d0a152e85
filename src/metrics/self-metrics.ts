import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EnginePart } from '../model/engine.ts';
import type { Report } from '../model/report.ts';

interface SelfFamily {
  name: `tidemark_${string}`;
  type: 'gauge' | 'counter' | 'histogram';
  help: string;
  stability: 'stable' | 'experimental';
  /** Whether it stands once a cluster. */
  ofCluster: boolean;
  labels: readonly string[];
}

const stable = { stability: 'stable' } as const;
const counter = { ...stable, type: 'counter', ofCluster: true } as const;
const gauge = { ...stable, type: 'gauge', ofCluster: true } as const;

/** tidemark's own metrics: few, so prom-client keeps them. */
export const selfCatalogue = {
  buildInfo: {
    ...gauge,
    ofCluster: false,
    name: 'tidemark_build_info',
    help: 'What runs: always 1',
    labels: ['version', 'node_version'],
  },
  collectorFailures: {
    ...counter,
    name: 'tidemark_collector_failures_total',
    help: 'Failures of collectors, by code of the error catalogue',
    labels: ['collector', 'code'],
  },
  cycleDuration: {
    ...stable,
    type: 'histogram',
    ofCluster: true,
    name: 'tidemark_cycle_duration_seconds',
    help: 'Wall time of a whole cycle: collect, judge, store, publish',
    labels: [],
  },
  cycleCpu: {
    ...counter,
    name: 'tidemark_cycle_cpu_seconds_total',
    help: 'CPU time of the process while a part of the cycle ran: kafka, ingest, measures, rules, store or render',
    labels: ['part'],
  },
  cyclesSkipped: {
    ...counter,
    name: 'tidemark_cycles_skipped_total',
    help: 'Ticks that found the cycle before still running',
    labels: [],
  },
  bugs: {
    ...counter,
    ofCluster: false,
    name: 'tidemark_bugs_total',
    help: 'Exceptions that should not have been, by the seam that caught them',
    labels: ['where'],
  },
  kafkaRequests: {
    ...counter,
    name: 'tidemark_kafka_requests_total',
    help: 'Requests sent to Kafka, by API',
    labels: ['api'],
  },
  kafkaReceivedBytes: {
    ...counter,
    name: 'tidemark_kafka_received_bytes_total',
    help: 'Bytes received from Kafka, by API',
    labels: ['api'],
  },
  series: {
    ...gauge,
    ofCluster: false,
    name: 'tidemark_series',
    help: 'Samples of each family in the exposition, over all clusters',
    labels: ['family'],
  },
  seriesDropped: {
    ...gauge,
    ofCluster: false,
    name: 'tidemark_series_dropped',
    help: 'Samples left out because the budget was passed, by family',
    labels: ['family'],
  },
  detailJoined: {
    ...gauge,
    ofCluster: false,
    name: 'tidemark_metrics_detail_joined',
    help: 'Whether the page /metrics holds the partitions too; chosen once, after the first cycle',
    labels: [],
  },
  storeSize: {
    ...gauge,
    name: 'tidemark_store_size_bytes',
    help: 'Size of the SQLite file',
    labels: [],
  },
  storeErrors: {
    ...counter,
    name: 'tidemark_store_errors_total',
    help: 'Cycles that could not be stored; they were judged and published all the same',
    labels: [],
  },
  configReload: {
    ...gauge,
    ofCluster: false,
    name: 'tidemark_config_last_reload_successful',
    help: 'Whether the last attempt to load the configuration succeeded',
    labels: [],
  },
} as const satisfies Record<string, SelfFamily>;

/** The parts of a cycle: collecting, those of the engine, storing, and rendering what is published. */
export type CyclePart = 'kafka' | EnginePart | 'store' | 'render';

/** Default metrics of prom-client that break a rule of promtool: gauges named like counters. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Counts what tidemark itself does. Cluster names are the values of the label `clusterLabel`. */
export class SelfMetrics {
  readonly registry = new Registry();
  readonly #clusterLabel: string;
  readonly #collectorFailures: Counter;
  readonly #cycleDuration: Histogram;
  readonly #cycleCpu: Counter;
  readonly #cyclesSkipped: Counter;
  readonly #bugs: Counter;
  readonly #kafkaRequests: Counter;
  readonly #kafkaReceivedBytes: Counter;
  readonly #series: Gauge;
  readonly #seriesDropped: Gauge;
  readonly #detailJoined: Gauge;
  readonly #storeSize: Gauge;
  readonly #storeErrors: Counter;
  readonly #configReload: Gauge;
  /** Start of the last counted run, by cluster and collector: a report repeats the status of what did not run. */
  readonly #countedRuns = new Map<string, number>();

  constructor(options: { version: string; nodeVersion: string; clusterLabel: string }) {
    this.#clusterLabel = options.clusterLabel;
    collectDefaultMetrics({ register: this.registry });
    for (const name of misnamed) this.registry.removeSingleMetric(name);
    const buildInfo = new Gauge(this.#settings(selfCatalogue.buildInfo));
    buildInfo.set({ version: options.version, node_version: options.nodeVersion }, 1);
    this.#collectorFailures = new Counter(this.#settings(selfCatalogue.collectorFailures));
    this.#cycleDuration = new Histogram({
      ...this.#settings(selfCatalogue.cycleDuration),
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    });
    this.#cycleCpu = new Counter(this.#settings(selfCatalogue.cycleCpu));
    this.#cyclesSkipped = new Counter(this.#settings(selfCatalogue.cyclesSkipped));
    this.#bugs = new Counter(this.#settings(selfCatalogue.bugs));
    this.#kafkaRequests = new Counter(this.#settings(selfCatalogue.kafkaRequests));
    this.#kafkaReceivedBytes = new Counter(this.#settings(selfCatalogue.kafkaReceivedBytes));
    this.#series = new Gauge(this.#settings(selfCatalogue.series));
    this.#seriesDropped = new Gauge(this.#settings(selfCatalogue.seriesDropped));
    this.#detailJoined = new Gauge(this.#settings(selfCatalogue.detailJoined));
    this.#storeSize = new Gauge(this.#settings(selfCatalogue.storeSize));
    this.#storeErrors = new Counter(this.#settings(selfCatalogue.storeErrors));
    this.#configReload = new Gauge(this.#settings(selfCatalogue.configReload));
    this.#configReload.set(1);
  }

  cycleEnded(cluster: string, seconds: number): void {
    this.#cycleDuration.observe(this.#of(cluster), seconds);
  }

  /** What the whole process used, user and system, while that part of the cycle ran. */
  cycleCpu(cluster: string, part: CyclePart, seconds: number): void {
    this.#cycleCpu.inc({ ...this.#of(cluster), part }, seconds);
  }

  cycleSkipped(cluster: string): void {
    this.#cyclesSkipped.inc(this.#of(cluster));
  }

  /** An exception met one of the four seams: `collector`, `rule`, `route` or `cycle`, or a finer word. */
  bug(where: string): void {
    this.#bugs.inc({ where });
  }

  /** Traffic since the last call for this API. */
  kafkaTraffic(cluster: string, api: string, requests: number, receivedBytes: number): void {
    this.#kafkaRequests.inc({ ...this.#of(cluster), api }, requests);
    this.#kafkaReceivedBytes.inc({ ...this.#of(cluster), api }, receivedBytes);
  }

  storeSize(cluster: string, sizeBytes: number): void {
    this.#storeSize.set(this.#of(cluster), sizeBytes);
  }

  storeError(cluster: string): void {
    this.#storeErrors.inc(this.#of(cluster));
  }

  configReloaded(successful: boolean): void {
    this.#configReload.set(successful ? 1 : 0);
  }

  /** Counts the failures of collectors that ran since the last report. */
  report({ cluster, collectors }: Report): void {
    for (const { collector, startedAtMs, failures } of collectors) {
      const run = `${cluster}\n${collector}`;
      if (this.#countedRuns.get(run) === startedAtMs) continue;
      this.#countedRuns.set(run, startedAtMs);
      for (const { code } of failures) this.#collectorFailures.inc({ ...this.#of(cluster), collector, code });
    }
  }

  exposition(families: Iterable<{ name: string; samples: number; dropped: boolean }>): void {
    this.#series.reset();
    this.#seriesDropped.reset();
    for (const { name, samples, dropped } of families) {
      (dropped ? this.#seriesDropped : this.#series).set({ family: name }, samples);
    }
  }

  detailJoined(joined: boolean): void {
    this.#detailJoined.set(joined ? 1 : 0);
  }

  #of(cluster: string): Record<string, string> {
    return { [this.#clusterLabel]: cluster };
  }

  #settings({ name, help, labels, ofCluster }: SelfFamily) {
    return {
      name,
      help,
      labelNames: ofCluster ? [this.#clusterLabel, ...labels] : [...labels],
      registers: [this.registry],
    };
  }
}

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { schedule } from 'node-cron';
import { createBugReporter, type ReportBug } from './bug-reporter.ts';
import { openPort } from './cluster-connection.ts';
import { ClusterMonitor } from './cluster-monitor.ts';
import type { ClusterSettings, Config } from './config/schema.ts';
import { rules } from './evaluators/index.ts';
import type { App } from './http/app.ts';
import { type ClusterSlot, ReportBoard } from './http/report-board.ts';
import { createServer } from './http/server.ts';
import type { Logger } from './log.ts';
import { type ClusterSamples, Exposition } from './metrics/exposition.ts';
import { SelfMetrics } from './metrics/self-metrics.ts';
import { TidemarkError } from './model/errors.ts';
import type { Report } from './model/report.ts';
import type { Snapshot } from './model/snapshot.ts';
import { packageRoot, version } from './package-root.ts';
import { openStore, type Store } from './store/store.ts';
import { systemClock } from './system-clock.ts';

export interface DaemonParts {
  config: Config;
  log: Logger;
  nodeVersion: string;
  /** CPU time of the process so far, user and system. */
  cpuSeconds: () => number;
  /** Called after each cycle that published. */
  published?: (report: Report) => void;
  /** Called with each snapshot before it is judged. */
  judging?: (snapshot: Snapshot) => void;
}

const webDirectory = fileURLToPath(new URL('web', packageRoot));

/** What all clusters share. */
interface Shared {
  store: Store;
  board: ReportBoard;
  exposition: Exposition;
  self: SelfMetrics;
  recorder: string;
  reportBug: ReportBug;
}

/** One watched cluster with its places on the board and in the exposition. */
interface Watched {
  cluster: ClusterSettings;
  monitor: ClusterMonitor;
  slot: ClusterSlot;
  samples: ClusterSamples;
}

/** Read at start only. */
const fixedSettings = ['dataDir', 'store', 'http', 'metrics'] as const satisfies readonly (keyof Config)[];
/** What a change of makes every cluster begin anew. */
const monitorSettings = [
  'interval',
  'groups',
  'topics',
  'collectors',
  'measures',
  'findings',
  'policies',
] as const satisfies readonly (keyof Config)[];

const everySecond = '* * * * * *';
/** Intervals below a second, which tests use, need a tick between two of the scheduler's. */
const halfSecondMs = 500;

/** Everything that runs: made in one order, undone in reverse. */
export class Daemon implements AsyncDisposable {
  /** Where the page is. */
  readonly address: string;
  #config: Config;
  readonly #parts: DaemonParts;
  readonly #shared: Shared;
  readonly #stack: AsyncDisposableStack;
  #watched: readonly Watched[] = [];
  #reloading: Promise<void> = Promise.resolve();

  private constructor(parts: DaemonParts, shared: Shared, address: string, stack: AsyncDisposableStack) {
    this.#parts = parts;
    this.#config = parts.config;
    this.#shared = shared;
    this.address = address;
    this.#stack = stack;
  }

  /** Starts to listen and to watch. It never waits for Kafka: page and metrics must answer while Kafka does not. */
  static async start(parts: DaemonParts): Promise<Daemon> {
    await using stack = new AsyncDisposableStack();
    const shared = share(parts, stack);
    const server = stack.adopt(
      await createServer({ ...shared, history: shared.store, clock: systemClock, version, webDirectory }),
      (app) => app.close(),
    );
    const address = await listen(server, parts.config.http);
    const daemon = new Daemon(parts, shared, address, stack.move());
    daemon.#watch();
    return daemon;
  }

  /** Takes up changed settings: what they change begins anew, everything else goes on. */
  reload(read: () => Promise<Config>): Promise<void> {
    this.#reloading = this.#reloading.then(async () => {
      const { log } = this.#parts;
      try {
        await this.#swap(await read());
        this.#shared.self.configReloaded(true);
        log.info('the settings were read again');
      } catch (error) {
        this.#shared.self.configReloaded(false);
        log.error({ error }, 'the settings could not be read again; the old ones stay');
      }
    });
    return this.#reloading;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  #watch(): void {
    this.#watched = this.#config.clusters.map((cluster) => this.#begin(cluster, this.#config));
    this.#stack.defer(() => this.#stopAll(this.#watched));
    // Ticks come from one job; what is due at a tick is decided by timestamps, never by the expression.
    const job = schedule(everySecond, () => this.#tick(), { suppressMissedWarning: true });
    this.#stack.defer(() => job.destroy());
    this.#tick();
  }

  #tick(): void {
    const tickAll = () => {
      for (const { monitor } of this.#watched) monitor.tick();
    };
    tickAll();
    if (this.#config.interval < 2 * halfSecondMs) setTimeout(tickAll, halfSecondMs);
  }

  #begin(cluster: ClusterSettings, config: Config, place?: Pick<Watched, 'slot' | 'samples'>): Watched {
    const { board, exposition } = this.#shared;
    const name = cluster.name ?? cluster.bootstrapServers;
    const { slot, samples } = place ?? {
      slot: board.add({ name, bootstrap: cluster.bootstrapServers, intervalMs: config.interval }),
      samples: exposition.add(name),
    };
    const { log, cpuSeconds, published, judging } = this.#parts;
    const kafka = openPort(cluster, systemClock);
    const monitor = new ClusterMonitor({
      ...this.#shared,
      ...{ config, cluster, kafka, slot, samples, log, cpuSeconds, clock: systemClock },
      ...(published && { published }),
      ...(judging && { judging }),
    });
    return { cluster, monitor, slot, samples };
  }

  async #swap(config: Config): Promise<void> {
    this.#warnOfFixedSettings(config);
    this.#parts.log.level = config.log.level;
    const isSame = monitorSettings.every((key) => isDeepStrictEqual(config[key], this.#config[key]));
    const kept = this.#watched.filter(
      ({ cluster }) => isSame && config.clusters.some((next) => isDeepStrictEqual(next, cluster)),
    );
    const old = this.#watched.filter((watched) => !kept.includes(watched));
    // The old ones end first: two monitors of one cluster would both write its history.
    await this.#stopAll(old);
    const places = new Map(
      old
        .filter(() => config.interval === this.#config.interval)
        .map((watched) => [placeKey(watched.cluster), watched]),
    );
    this.#watched = config.clusters.map((cluster) => {
      const same = kept.find((watched) => isDeepStrictEqual(watched.cluster, cluster));
      return same ?? this.#begin(cluster, config, places.get(placeKey(cluster)));
    });
    this.#config = config;
    for (const { slot, samples } of old) this.#removeUnlessReused(slot, samples);
    this.#tick();
  }

  #removeUnlessReused(slot: ClusterSlot, samples: ClusterSamples): void {
    if (this.#watched.some((watched) => watched.slot === slot)) return;
    this.#shared.board.remove(slot);
    this.#shared.exposition.remove(samples);
  }

  #warnOfFixedSettings(config: Config): void {
    const settings = fixedSettings.filter((key) => !isDeepStrictEqual(config[key], this.#config[key]));
    if (settings.length === 0) return;
    this.#parts.log.warn({ settings }, 'these settings take effect at the next start');
  }

  async #stopAll(watched: readonly Watched[]): Promise<void> {
    await Promise.all(watched.map(({ monitor }) => monitor[Symbol.asyncDispose]()));
  }
}

/** Resolves to the address of the page. Throws `http.port-unavailable`. */
async function listen(app: App, { host, port }: Config['http']): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const message = `tidemark cannot listen on ${host}:${port}: ${(error as Error).message}; give another with --host and --port`;
    throw new TidemarkError('http.port-unavailable', message, { host, port }, error);
  }
}

/** A cluster that is begun anew keeps its place on the page: its last report stays until the next one. */
function placeKey({ name, bootstrapServers }: ClusterSettings): string {
  return JSON.stringify([name, bootstrapServers]);
}

function share({ config, log, nodeVersion }: DaemonParts, stack: AsyncDisposableStack): Shared {
  const { clusterLabel, detail, sampleBudget } = config.metrics;
  const self = new SelfMetrics({ version, nodeVersion, clusterLabel });
  const store = stack.use(
    openStore(config.dataDir, {
      settings: config.store,
      notify: (notice) => log.warn({ error: notice }, 'the store'),
    }),
  );
  const findingCodes = rules.map(({ code }) => code);
  const exposition = new Exposition({
    ...{ clusterLabel, detail, sampleBudget, findingCodes, self },
    log: (sentence) => log.info(sentence),
  });
  const reportBug = createBugReporter(log, (where) => self.bug(where));
  return { store, board: new ReportBoard(), exposition, self, recorder: randomUUID(), reportBug };
}

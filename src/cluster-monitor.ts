import { ClusterSession, openSession, type SessionParts } from './cluster-session.ts';
import type { ClusterSlot, StoreStanding } from './http/report-board.ts';
import type { ApiTraffic } from './kafka/port.ts';
import type { Logger } from './log.ts';
import type { ClusterSamples } from './metrics/exposition.ts';
import type { CyclePart, SelfMetrics } from './metrics/self-metrics.ts';
import type { Advance } from './model/engine.ts';
import { TidemarkError } from './model/errors.ts';
import type { Report } from './model/report.ts';
import type { Snapshot } from './model/snapshot.ts';
import type { Store } from './store/store.ts';

export interface MonitorParts extends SessionParts {
  store: Store;
  slot: ClusterSlot;
  samples: ClusterSamples;
  self: SelfMetrics;
  log: Logger;
  /** CPU time of the process so far, user and system. */
  cpuSeconds: () => number;
  /** Called after each cycle that published. */
  published?: (report: Report) => void;
}

/** Half of the shortest time between two ticks: a cycle starts at the tick nearest to the moment at which it is due. */
const slackMs = 250;

/** Watches one cluster: each cycle collects, advances the engine, commits to the store and publishes the report. */
export class ClusterMonitor implements AsyncDisposable {
  readonly #parts: MonitorParts;
  readonly #stop = new AbortController();
  #session: ClusterSession | undefined;
  #running: Promise<void> | undefined;
  #dueAtMs = Number.NEGATIVE_INFINITY;
  #problem: string | null = null;
  readonly #countedTraffic = new Map<string, ApiTraffic>();

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  /** Starts a cycle where one is due. A cycle that is due while one runs is skipped and counted. */
  tick(): void {
    const { clock, config, self } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (this.#stop.signal.aborted || nowMs < this.#dueAtMs - slackMs) return;
    // From the schedule, not from now: late ticks must not add up. Behind by more than a cycle, it begins anew.
    const nextMs = this.#dueAtMs + config.interval;
    this.#dueAtMs = nextMs > nowMs ? nextMs : nowMs + config.interval;
    if (this.#running !== undefined) {
      self.cycleSkipped(this.#name);
      return;
    }
    this.#running = this.#guardedCycle().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when the running cycle has ended; at once where none runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#parts.kafka[Symbol.asyncDispose]();
  }

  get #name(): string {
    return this.#session?.cluster ?? this.#parts.slot.name;
  }

  async #guardedCycle(): Promise<void> {
    const { clock, slot, self, reportBug } = this.#parts;
    const begunMs = clock.monotonicMs();
    slot.begin(begunMs);
    try {
      await this.#cycle();
    } catch (error) {
      if (error instanceof TidemarkError && error.code === 'config.same-cluster') {
        this.#fail(error.message);
        this.#logChange(this.#name, error.message);
      } else {
        this.#fail('tidemark failed in this cycle and goes on with the next; its log has the stack');
        reportBug('cycle', error);
      }
    }
    self.cycleEnded(this.#name, (clock.monotonicMs() - begunMs) / 1000);
  }

  #fail(problem: string): void {
    this.#parts.slot.fail(problem);
    this.#parts.samples.fail();
  }

  async #cycle(): Promise<void> {
    const { signal } = this.#stop;
    this.#session ??= await this.#restored(await openSession(this.#parts, signal));
    const started = this.#session;
    const collected = await this.#measured('kafka', () => started.collect(signal));
    if (signal.aborted) return; // what an aborted cycle lacks was not missing
    const session = await this.#identified(started, collected);
    this.#session = session;
    const snapshot = { ...collected, cluster: session.cluster };
    const advance = await this.#measured('ingest', (entered) => session.advance(snapshot, signal, entered));
    const standing = await this.#measured('store', () => this.#commit(session, snapshot, advance));
    await this.#measured('render', () => this.#publish(advance.report, standing));
  }

  /** Counts the CPU time that the process uses while a part of the cycle runs, and those parts that are entered from it. */
  async #measured<T>(first: CyclePart, run: (entered: (part: CyclePart) => void) => T | Promise<T>): Promise<T> {
    const { self, cpuSeconds } = this.#parts;
    let part = first;
    let begunSeconds = cpuSeconds();
    const count = () => {
      const seconds = cpuSeconds();
      self.cycleCpu(this.#name, part, seconds - begunSeconds);
      begunSeconds = seconds;
    };
    const result = await run((next) => {
      count();
      part = next;
    });
    count();
    return result;
  }

  async #restored(session: ClusterSession): Promise<ClusterSession> {
    if (!session.identified) return session;
    this.#takeName(session.cluster);
    await session.restore(this.#parts.store.load(session.cluster));
    return session;
  }

  /** Throws `config.same-cluster` where another entry of the configuration is this cluster: both would write one history. */
  #takeName(cluster: string): void {
    const other = this.#parts.slot.take(cluster);
    if (other === null) return;
    const message = `${this.#parts.slot.bootstrap} is the cluster ${cluster}, which is watched already (by ${other}): remove one of the two entries from the settings`;
    throw new TidemarkError('config.same-cluster', message, { cluster });
  }

  /** A cluster that nobody could name at first is taken up anew under its ID, with all that is stored of it. */
  async #identified(session: ClusterSession, { reads }: Snapshot): Promise<ClusterSession> {
    const clusterId = reads.cluster?.value.clusterId;
    if (session.identified || !clusterId) return session;
    return this.#restored(new ClusterSession(this.#parts, { cluster: clusterId, identified: true }));
  }

  /** A failed commit is named in what is published and never stops the publishing: a full disk must not stop the alarm. */
  #commit(session: ClusterSession, snapshot: Snapshot, advance: Advance): StoreStanding | null {
    if (!session.identified) return null;
    const { store, self, log } = this.#parts;
    let error: string | null = null;
    try {
      store.commit({ snapshot, advance, memory: session.memory(), discovery: session.discovery });
    } catch (thrown) {
      if (!(thrown instanceof TidemarkError)) throw thrown;
      self.storeError(session.cluster);
      log.error({ cluster: session.cluster, error: thrown }, 'the cycle could not be stored');
      error = thrown.message;
    }
    return { sizeBytes: store.sizeBytes(), error };
  }

  async #publish(report: Report, standing: StoreStanding | null): Promise<void> {
    const { slot, samples, self, published } = this.#parts;
    const problem = report.reachable ? null : unreachableSentence(report);
    slot.publish(report, { store: standing, problem });
    await samples.publish(report);
    if (standing !== null) self.storeSize(report.cluster, standing.sizeBytes);
    this.#countTraffic(report.cluster);
    this.#logChange(report.cluster, problem);
    published?.(report);
  }

  #countTraffic(cluster: string): void {
    for (const [api, { requests, receivedBytes }] of this.#parts.kafka.traffic) {
      const counted = this.#countedTraffic.get(api) ?? { requests: 0, receivedBytes: 0 };
      this.#parts.self.kafkaTraffic(cluster, api, requests - counted.requests, receivedBytes - counted.receivedBytes);
      this.#countedTraffic.set(api, { requests, receivedBytes });
    }
  }

  #logChange(cluster: string, problem: string | null): void {
    const { log } = this.#parts;
    if ((problem === null) === (this.#problem === null)) return;
    if (problem === null) log.info({ cluster }, 'the cluster is read again');
    else log.warn({ cluster, problem }, 'the cluster cannot be read');
    this.#problem = problem;
  }
}

function unreachableSentence({ collectors }: Report): string {
  const failure = collectors.find(({ collector }) => collector === 'cluster')?.failures[0];
  return failure?.message ?? 'Kafka did not tell its brokers and topics in this cycle';
}

import { setImmediate } from 'node:timers/promises';
import type { ReportBug } from './bug-reporter.ts';
import { createScope, isWatched, phases, withinScope } from './collectors/index.ts';
import { type CollectorsState, initialCollectorsState, type Phases, runCollectors } from './collectors/run.ts';
import type { Scope } from './collectors/scope.ts';
import type { ClusterSettings, Config } from './config/schema.ts';
import { createEngine } from './engine/engine.ts';
import { spokenSeconds } from './evaluators/wording.ts';
import type { KafkaPort } from './kafka/port.ts';
import type { Clock } from './model/clock.ts';
import type { Advance, Engine, EnginePart } from './model/engine.ts';
import type { EngineMemory } from './model/engine-memory.ts';
import { TidemarkError } from './model/errors.ts';
import type { FindingSubject } from './model/finding.ts';
import type { Discovery, Snapshot, TimeProbe } from './model/snapshot.ts';
import type { StoredCluster } from './store/store.ts';

/** How often, and for how long at most, the first cycle asks about the past. Each round halves what is not known. */
const seedingRounds = 8;
const seedingMs = 3_000;
const seedingPhases: Phases = [phases.flat().filter(({ facet }) => facet === 'offsets-for-times')];

/** What the engine takes of the settings. */
export function engineSettings(config: Config) {
  const { interval, measures, findings, policies } = config;
  const scope = createScope(config);
  return {
    ...{ intervalMs: interval, measures, findings, policies },
    isWatched: (subject: FindingSubject) => isWatched(subject, scope),
  };
}

export interface SessionParts {
  config: Config;
  cluster: ClusterSettings;
  kafka: KafkaPort;
  clock: Clock;
  /** Identity of this process, as Snapshot.recorder has it. */
  recorder: string;
  reportBug: ReportBug;
  /** Called with each snapshot before it is judged. */
  judging?: (snapshot: Snapshot) => void;
}

type Entered = (part: EnginePart) => void;

/**
 * One cluster under one name: what collectors and engine carry from cycle to cycle. A cycle is `collect`, then `advance`.
 * The daemon, and the commands that look at a cluster for a while, work through it.
 */
export class ClusterSession {
  /** As the user calls the cluster, or Kafka's ID; the bootstrap servers while nobody has told. */
  readonly cluster: string;
  /** false while the cluster goes by its bootstrap servers: nothing can be stored under that name. */
  readonly identified: boolean;
  readonly #parts: SessionParts;
  readonly #engine: Engine;
  readonly #scope: Scope;
  #collectors: CollectorsState = initialCollectorsState();
  #timeProbes: readonly TimeProbe[] = [];
  #isSeeded = false;
  /** When an earlier process stored its last cycle; null: none is known of. */
  #watchedUntilMs: number | null = null;
  #isBegun = false;

  constructor(parts: SessionParts, name: { cluster: string; identified: boolean }) {
    this.#parts = parts;
    this.cluster = name.cluster;
    this.identified = name.identified;
    this.#engine = createEngine({ ...engineSettings(parts.config), onBug: parts.reportBug });
    this.#scope = createScope(parts.config);
  }

  get discovery(): Discovery {
    return this.#collectors.discovery;
  }

  memory(): EngineMemory {
    return this.#engine.memory();
  }

  /** Takes back discovery, counters, open findings and windows as an earlier process left them; before the first cycle. */
  async restore(stored: StoredCluster): Promise<void> {
    if (stored.discovery !== null) this.#collectors = initialCollectorsState(stored.discovery);
    this.#watchedUntilMs = stored.memory?.atMs ?? null;
    if (stored.memory !== null) this.#engine.restore(stored.memory);
    for (const snapshot of stored.snapshots) {
      this.#engine.refill(withinScope(snapshot, this.#scope));
      await setImmediate();
    }
  }

  /** Reads what is due. */
  collect(signal: AbortSignal): Promise<Snapshot> {
    return this.#collect(phases, signal);
  }

  /**
   * Judges the snapshot. After the first one it goes on asking at once what the engine wants to know of the past, so that time
   * lags stand in the very first report. `entered` is told each part of the engine that begins.
   */
  async advance(snapshot: Snapshot, signal: AbortSignal, entered: Entered = () => {}): Promise<Advance> {
    const { clock } = this.#parts;
    const endMs = clock.monotonicMs() + seedingMs;
    let advance = this.#withBeginning(await this.#judge(snapshot, entered));
    if (this.#isSeeded || snapshot.reads.cluster === undefined) return advance;
    for (let round = 0; round < seedingRounds && advance.timeProbes.length > 0; round++) {
      const answers = await this.#collect(seedingPhases, signal);
      if (signal.aborted || clock.monotonicMs() > endMs) break;
      const next = await this.#judge(answers, entered);
      advance = {
        ...next,
        transitions: [...advance.transitions, ...next.transitions],
        events: [...advance.events, ...next.events],
      };
    }
    this.#isSeeded = true;
    return advance;
  }

  /** With the first cycle of a process it is told that it began: what changed before, nobody saw. */
  #withBeginning(advance: Advance): Advance {
    if (this.#isBegun) return advance;
    this.#isBegun = true;
    const { atMs } = advance.report;
    const away = this.#watchedUntilMs === null ? null : Math.max(0, Math.round((atMs - this.#watchedUntilMs) / 1000));
    const summary =
      away === null
        ? 'tidemark began to watch: what changed before, it did not see.'
        : `tidemark began anew: its last cycle was ${spokenSeconds(away)} before.`;
    return {
      ...advance,
      events: [{ atMs, kind: 'tidemark', what: 'started', subject: {}, summary }, ...advance.events],
    };
  }

  async #collect(among: Phases, signal: AbortSignal): Promise<Snapshot> {
    const { config, kafka, clock, recorder, reportBug } = this.#parts;
    const { snapshot, state } = await runCollectors(kafka, among, this.#collectors, {
      cluster: this.cluster,
      recorder,
      intervalMs: config.interval,
      settings: config.collectors,
      scope: this.#scope,
      timeProbes: this.#timeProbes,
      clock,
      signal,
      reportBug,
    });
    this.#collectors = state;
    return snapshot;
  }

  /** Lets the event loop run at each pause of the engine. */
  async #judge(snapshot: Snapshot, entered: Entered): Promise<Advance> {
    this.#parts.judging?.(snapshot);
    entered('ingest');
    const steps = this.#engine.advance(snapshot);
    for (;;) {
      const step = steps.next();
      if (step.done) {
        this.#timeProbes = step.value.timeProbes;
        return step.value;
      }
      if (step.value !== undefined) entered(step.value);
      await setImmediate();
    }
  }
}

/** Opens a session under the name that the user gave, else under the ID that Kafka tells, else under the bootstrap servers. */
export async function openSession(parts: SessionParts, signal: AbortSignal): Promise<ClusterSession> {
  const { cluster, kafka, config } = parts;
  if (cluster.name !== undefined) return new ClusterSession(parts, { cluster: cluster.name, identified: true });
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(config.collectors.cluster.timeout)]);
    const { clusterId } = await kafka.clusterAccess(bounded);
    if (clusterId !== null) return new ClusterSession(parts, { cluster: clusterId, identified: true });
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error; // unreachable: the first cycle says so, as data
  }
  return new ClusterSession(parts, { cluster: cluster.bootstrapServers, identified: false });
}

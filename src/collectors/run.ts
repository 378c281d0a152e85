import type { KafkaPort } from '../kafka/port.ts';
import type { Clock } from '../model/clock.ts';
import { TidemarkError } from '../model/errors.ts';
import type {
  ClusterState,
  CollectorRun,
  Discovery,
  Facet,
  FacetReads,
  Failure,
  Snapshot,
  TimeProbe,
} from '../model/snapshot.ts';
import type { Collected, Collector, CollectorInput } from './collector.ts';
import type { Scope } from './scope.ts';
import type { CollectorSettings } from './settings.ts';

/** What is carried from cycle to cycle. Only `discovery` outlives the process: the store keeps it. */
export interface CollectorsState {
  discovery: Discovery;
  /** The last cluster state that was read. */
  cluster: ClusterState | null;
  completeness: Snapshot['completeness'];
  /** When each collector last started and read something, on the monotonic clock. */
  lastStartMs: ReadonlyMap<Facet, number>;
}

/** What one cycle is run with. */
export interface CycleContext {
  /** The user's name of the cluster: it goes into the snapshot. */
  cluster: string;
  /** Identity of this process, as Snapshot.recorder has it. */
  recorder: string;
  /** How often cycles are started: a collector whose cadence is no longer than this runs every time. */
  intervalMs: number;
  settings: CollectorSettings;
  scope: Scope;
  /** What the engine asked for after the last cycle. */
  timeProbes: readonly TimeProbe[];
  clock: Clock;
  signal: AbortSignal;
  /** Told of exceptions that only a bug of ours explains. In tests it throws. */
  reportBug: (where: string, error: unknown) => void;
}

/** Collectors of one phase run at the same time; a phase begins when the one before it has ended. */
export type Phases = readonly (readonly Collector[])[];

/** Where collecting begins: nothing known but what an earlier process found. Nothing absent is gone before Kafka said that we see all. */
export function initialCollectorsState(discovery?: Discovery): CollectorsState {
  return {
    discovery: discovery ?? { groups: new Map(), missingTopics: new Map() },
    cluster: null,
    completeness: 'filtered',
    lastStartMs: new Map(),
  };
}

interface Outcome {
  collector: Collector;
  run: CollectorRun;
  startMs: number;
  observedAtMs: number;
  /** Absent where nothing at all was read. */
  collected?: Collected<unknown>;
  failures: readonly Failure[];
}

/** Runs one cycle: every collector that is due, phase by phase. Never throws for what Kafka does: failures are data. */
export async function runCollectors(
  kafka: KafkaPort,
  phases: Phases,
  state: CollectorsState,
  context: CycleContext,
): Promise<{ snapshot: Snapshot; state: CollectorsState }> {
  const { clock } = context;
  const atMs = clock.wallMs();
  const monotonicMs = clock.monotonicMs();
  const outcomes: Outcome[] = [];
  const reads: Partial<Record<Facet, unknown>> = {};
  let current = state;
  for (const phase of phases) {
    const due = phase.filter((collector) => isDue(collector, current, context, monotonicMs));
    const known = inputOf(current, reads as FacetReads, context);
    const ended = await Promise.all(due.map((collector) => runOne(kafka, collector, known, context)));
    for (const outcome of ended) {
      outcomes.push(outcome);
      if (outcome.collected) reads[outcome.collector.facet] = readOf(outcome, outcome.collected);
      current = advanced(current, outcome);
    }
  }
  const snapshot: Snapshot = {
    cluster: context.cluster,
    atMs,
    recorder: context.recorder,
    monotonicMs,
    completeness: current.completeness,
    reads: reads as FacetReads,
    failures: outcomes.flatMap((outcome) => (outcome.collected ? [] : outcome.failures)),
    runs: outcomes.map((outcome) => outcome.run),
  };
  return { snapshot, state: current };
}

/** A tick is never exactly on time: a collector is due at the tick nearest to the end of its cadence. */
function isDue(collector: Collector, state: CollectorsState, context: CycleContext, nowMs: number): boolean {
  const everyMs = context.settings[collector.facet].every;
  const last = state.lastStartMs.get(collector.facet);
  if (last === undefined || everyMs <= context.intervalMs) return true;
  return nowMs - last >= everyMs - context.intervalMs / 2;
}

function inputOf(state: CollectorsState, reads: FacetReads, context: CycleContext): CollectorInput {
  return {
    reads: { ...reads },
    cluster: state.cluster,
    discovery: state.discovery,
    timeProbes: context.timeProbes,
    scope: context.scope,
    completeness: state.completeness,
  };
}

async function runOne(
  kafka: KafkaPort,
  collector: Collector,
  known: CollectorInput,
  context: CycleContext,
): Promise<Outcome> {
  const { clock, settings, intervalMs } = context;
  const { every, timeout } = settings[collector.facet];
  const startedAtMs = clock.wallMs();
  const startMs = clock.monotonicMs();
  const end = (read: { collected?: Collected<unknown>; failures: readonly Failure[] }): Outcome => ({
    collector,
    startMs,
    observedAtMs: clock.wallMs(),
    run: {
      collector: collector.facet,
      startedAtMs,
      durationMs: clock.monotonicMs() - startMs,
      outcome: !read.collected ? 'failed' : read.failures.length > 0 ? 'partial' : 'ok',
      everyMs: Math.max(every, intervalMs),
    },
    ...read,
  });
  try {
    if (!kafka.supports.has(collector.facet)) {
      throw new TidemarkError('upstream.unsupported', `the driver cannot read ${collector.facet}`);
    }
    const collected = await bounded(collector, timeout, context.signal, (signal) =>
      collector.collect(kafka, known, signal),
    );
    const failures = collected.failures.map((failure) => ({ ...failure, collector: collector.facet }));
    const nothingRead = failures.length > 0 && Object.keys(collected.brokers).length === 0;
    return end(nothingRead ? { failures } : { collected, failures });
  } catch (error) {
    if (!(error instanceof TidemarkError)) context.reportBug(`collector ${collector.facet}`, error);
    return end({ failures: [failureOf(collector.facet, error)] });
  }
}

/** Adapters return what they have when the signal fires; this is how much longer one that does not may take. */
const graceMs = 2_000;

async function bounded<T>(
  collector: Collector,
  timeoutMs: number,
  signal: AbortSignal,
  collect: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new TidemarkError('upstream.timeout', `${collector.facet} did not end within ${timeoutMs} ms`));
  }, timeoutMs + graceMs);
  try {
    return await Promise.race([collect(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])), overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(collector: Facet, error: unknown): Failure {
  if (error instanceof TidemarkError) return { collector, code: error.code, message: error.message };
  return { collector, code: 'bug.unexpected', message: error instanceof Error ? error.message : String(error) };
}

function readOf(outcome: Outcome, collected: Collected<unknown>) {
  return {
    value: collected.value,
    observedAtMs: outcome.observedAtMs,
    brokers: collected.brokers,
    failures: outcome.failures,
  };
}

function advanced(state: CollectorsState, outcome: Outcome): CollectorsState {
  const { collector, collected, startMs } = outcome;
  if (!collected) return state;
  return {
    discovery: collected.discovery ?? state.discovery,
    cluster: collector.facet === 'cluster' ? (collected.value as ClusterState) : state.cluster,
    completeness: collected.completeness ?? state.completeness,
    lastStartMs: new Map(state.lastStartMs).set(collector.facet, startMs),
  };
}

import { createEngine } from '../../src/engine/engine.ts';
import { defaultFindingSettings } from '../../src/evaluators/index.ts';
import { type Severity, severities, type Transition } from '../../src/model/finding.ts';
import type { Engine, Report } from '../../src/model/report.ts';
import type { Snapshot, TimeProbe } from '../../src/model/snapshot.ts';
import { advance, defaultMeasureSettings } from '../support/engine-run.ts';
import { AlarmSpans, BurrowRules, LagThreshold } from './baselines.ts';
import type { Case } from './case.ts';
import { type Episode, Labels } from './labels.ts';
import { Poller } from './poller.ts';
import { QuantitySamples } from './quantities.ts';
import { Random } from './random.ts';
import { dayMs, hourMs, minuteMs, SimulatedCluster, watchStartMs } from './simulated-cluster.ts';

/** A finding from the poll that raised it as at least a warning to the poll that cleared it. */
export interface Alarm {
  code: string;
  partition: number | null;
  firstPoll: number;
  lastPoll: number;
  worst: Severity;
  /** Another finding explained it at once: nobody was called for it. */
  explained: boolean;
  summary: string;
}

export interface WatchResult {
  polls: number;
  watchedMs: number;
  episodes: readonly Episode[];
  alarms: readonly Alarm[];
  burrow: AlarmSpans['spans'];
  lagThreshold: AlarmSpans['spans'];
  quantities: QuantitySamples;
  labels: Labels;
}

/** Snapshots that a restart is refilled from, about as the store keeps them: all of so long, one a minute, one in ten minutes. */
const refillTiers = [
  { untilAgeMs: 10 * minuteMs, everyMs: 0 },
  { untilAgeMs: 3 * hourMs, everyMs: minuteMs },
  { untilAgeMs: dayMs, everyMs: 10 * minuteMs },
];
/** Thinning looks at all that is kept: not at each poll. */
const thinEveryPolls = 40;

/** Lives one case through: the cluster, tidemark that watches it, and both baselines. */
export function watch(testCase: Case, seed: number): WatchResult {
  const random = new Random(seed);
  const cluster = new SimulatedCluster(testCase.cluster, random);
  const monitor = new Monitor(testCase, cluster, new Random(seed ^ 0x5bd1e995));
  testCase.script?.(cluster, random);
  return monitor.run();
}

class Monitor {
  readonly #case: Case;
  readonly #cluster: SimulatedCluster;
  readonly #random: Random;
  readonly #poller: Poller;
  readonly #labels: Labels;
  readonly #alarms: Alarm[] = [];
  readonly #open = new Map<string, Alarm>();
  readonly #quantities = new QuantitySamples();
  readonly #burrow = new BurrowRules();
  readonly #burrowSpans = new AlarmSpans();
  readonly #lagThreshold = new LagThreshold();
  readonly #lagSpans = new AlarmSpans();
  #engine: Engine;
  #kept: Snapshot[] = [];
  #probes: readonly TimeProbe[] = [];
  #poll = 0;

  constructor(testCase: Case, cluster: SimulatedCluster, random: Random) {
    this.#case = testCase;
    this.#cluster = cluster;
    this.#random = random;
    this.#poller = new Poller(cluster, testCase.poll, random);
    const { intervalMs } = testCase.poll;
    this.#labels = new Labels(cluster.partitions.length, { intervalMs, allowedStopMs: testCase.allowedStopMs ?? null });
    this.#engine = this.#newEngine();
    cluster.group.onCommit = ({ partition, offset, endOffset, atMs }) => {
      this.#burrow.seeCommit(partition, offset, endOffset, atMs);
    };
  }

  run(): WatchResult {
    const { poll, watchMs, awayMs = [], restartsAtMs = [], clockSteps = [] } = this.#case;
    const restarts = [...restartsAtMs];
    const steps = [...clockSteps];
    for (let atMs = 0; atMs < watchMs; atMs += poll.intervalMs) {
      const isAway = awayMs.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
      if (isAway || this.#random.chance(poll.missed)) continue;
      this.#cluster.advanceTo(watchStartMs + atMs + this.#random.between(0, poll.jitterMs));
      if (restarts.length > 0 && atMs >= restarts[0]!) {
        restarts.shift();
        this.#restart();
      }
      if (steps.length > 0 && atMs >= steps[0]!.atMs) this.#poller.clockOffsetMs += steps.shift()!.byMs;
      this.#pollOnce();
      if (this.#case.endsWhen?.(this.#cluster)) break;
    }
    return {
      ...{ polls: this.#poll, watchedMs: this.#cluster.sinceStartMs, episodes: this.#labels.episodes },
      ...{ alarms: this.#alarms, burrow: this.#burrowSpans.spans, lagThreshold: this.#lagSpans.spans },
      ...{ quantities: this.#quantities, labels: this.#labels },
    };
  }

  #pollOnce(): void {
    this.#labels.observe(this.#cluster);
    this.#judgeByBaselines();
    const snapshot = this.#poller.poll(this.#probes);
    const { report, transitions, timeProbes } = advance(this.#engine, snapshot);
    this.#probes = timeProbes;
    for (const transition of transitions) this.#note(transition);
    for (const alarm of this.#open.values()) alarm.lastPoll = this.#poll;
    this.#sample(report);
    this.#keep(snapshot);
    this.#poll++;
  }

  #sample(report: Report): void {
    const open = (partition: number) => this.#open.has(`will-lose-data ${partition}`);
    this.#quantities.observe(report, this.#labels.exact, this.#cluster, open);
  }

  #judgeByBaselines(): void {
    const { nowMs, partitions } = this.#cluster;
    const ends = partitions.map(({ log }) => log.endOffset);
    this.#burrowSpans.observe(this.#poll, this.#burrow.isBad(ends, nowMs));
    const lag = this.#labels.exact.reduce((sum, series) => sum + series.lag, 0);
    this.#lagSpans.observe(this.#poll, this.#lagThreshold.isBad(lag, nowMs));
  }

  #note(transition: Transition): void {
    const partition = transition.partition ?? null;
    const key = `${transition.code} ${partition}`;
    if (transition.type === 'cleared') {
      this.#open.delete(key);
      return;
    }
    const { code, severity, cause, summary, muted } = transition;
    const open = this.#open.get(key);
    if (severity === 'info' || muted === true) return;
    if (open === undefined) {
      const explained = cause !== null;
      const alarm = {
        code,
        partition,
        firstPoll: this.#poll,
        lastPoll: this.#poll,
        worst: severity,
        explained,
        summary,
      };
      this.#open.set(key, alarm);
      this.#alarms.push(alarm);
      return;
    }
    if (severities.indexOf(severity) > severities.indexOf(open.worst)) open.worst = severity;
    if (cause === null) open.explained = false;
  }

  #newEngine(): Engine {
    return createEngine({
      intervalMs: this.#case.poll.intervalMs,
      measures: defaultMeasureSettings(),
      findings: defaultFindingSettings(),
      policies: this.#case.policies ?? [],
    });
  }

  #keep(snapshot: Snapshot): void {
    if (this.#case.restartsAtMs === undefined) return;
    this.#kept.push(snapshot);
    if (this.#poll % thinEveryPolls !== 0) return;
    let lastMs = Number.NEGATIVE_INFINITY;
    this.#kept = this.#kept.filter(({ atMs }) => {
      const tier = refillTiers.find(({ untilAgeMs }) => snapshot.atMs - atMs <= untilAgeMs);
      const isKept = tier !== undefined && atMs - lastMs >= tier.everyMs;
      if (isKept) lastMs = atMs;
      return isKept;
    });
  }

  /** A new process with what the store holds: the memory, and offsets of the past. */
  #restart(): void {
    const memory = this.#engine.memory();
    this.#engine = this.#newEngine();
    this.#engine.restore(memory);
    const first = this.#kept.find(({ reads }) => reads['topic-configs'] !== undefined);
    for (const [index, snapshot] of this.#kept.entries()) {
      const { reads } = snapshot;
      const offsets = pick(reads, ['log-start-offsets', 'committed-offsets', 'end-offsets']);
      const whole = index === 0 ? { ...pick(reads, ['cluster']), ...pick(first?.reads ?? {}, ['topic-configs']) } : {};
      const { cluster, atMs } = snapshot;
      this.#engine.refill({ cluster, atMs, completeness: 'filtered', reads: { ...whole, ...offsets }, failures: [] });
    }
    this.#probes = [];
    this.#poller.restart();
  }
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}

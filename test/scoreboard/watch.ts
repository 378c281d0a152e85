import { createEngine } from '../../src/engine/engine.ts';
import { defaultFindingSettings } from '../../src/evaluators/index.ts';
import type { Engine } from '../../src/model/engine.ts';
import { type Severity, severities, type Transition } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import type { Snapshot, TimeProbe } from '../../src/model/snapshot.ts';
import { advance, defaultMeasureSettings } from '../support/engine-run.ts';
import { type AlarmSpan, Baselines } from './baselines.ts';
import type { Case } from './case.ts';
import type { Subject } from './labels/label.ts';
import { dayMs, hourMs, minuteMs, watchStartMs } from './plan.ts';
import { Poller } from './poller.ts';
import { QuantityComparison, type QuantitySamples } from './quantities.ts';
import { Random } from './random.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import { type Episode, TruthBook } from './truth-book.ts';

/** A finding from the poll that raised it to the last before it was cleared. */
export interface Alarm {
  code: string;
  subject: Subject;
  firstPoll: number;
  lastPoll: number;
  worst: Severity;
  /** The poll at which it was first at least that urgent. */
  reached: Partial<Record<Severity, number>>;
  /** Another finding explained it all the time: nobody was called for it. */
  explained: boolean;
  summary: string;
}

/** What became of one case; plain data, so that it can be sent between threads. */
export interface WatchResult {
  polls: number;
  watchedMs: number;
  /** The group that the case is about, and those beside it. */
  groupId: string;
  neighbours: readonly string[];
  episodes: readonly Episode[];
  alarms: readonly Alarm[];
  /** What the baselines said, by group. */
  burrow: Readonly<Record<string, readonly AlarmSpan[]>>;
  lagThreshold: Readonly<Record<string, readonly AlarmSpan[]>>;
  quantities: QuantitySamples;
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
  readonly #truth: TruthBook;
  readonly #alarms: Alarm[] = [];
  readonly #open = new Map<string, Alarm>();
  readonly #quantities = new QuantityComparison();
  readonly #baselines: ReadonlyMap<string, Baselines>;
  #engine: Engine;
  #kept: Snapshot[] = [];
  #probes: readonly TimeProbe[] = [];
  #poll = 0;

  constructor(testCase: Case, cluster: SimulatedCluster, random: Random) {
    this.#case = testCase;
    this.#cluster = cluster;
    this.#random = random;
    this.#poller = new Poller(cluster, testCase.poll, random);
    this.#truth = new TruthBook({
      intervalMs: testCase.poll.intervalMs,
      allowedStopMs: (group) => (group === cluster.group ? (testCase.allowedStopMs ?? null) : null),
      policyOf: ({ groupId }) =>
        testCase.policies?.find(({ match }) => match.group === undefined || match.group === groupId),
    });
    this.#engine = this.#newEngine();
    this.#baselines = new Map(cluster.groups.map((group) => [group.groupId, new Baselines(group)]));
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
    const [group, ...neighbours] = this.#cluster.groups;
    return {
      ...{ polls: this.#poll, watchedMs: this.#cluster.sinceStartMs, episodes: this.#truth.episodes },
      ...{ groupId: group!.groupId, neighbours: neighbours.map(({ groupId }) => groupId), alarms: this.#alarms },
      burrow: Object.fromEntries([...this.#baselines].map(([groupId, { burrow }]) => [groupId, burrow.spans])),
      lagThreshold: Object.fromEntries(
        [...this.#baselines].map(([groupId, { lagThreshold }]) => [groupId, lagThreshold.spans]),
      ),
      quantities: this.#quantities.samples,
    };
  }

  #pollOnce(): void {
    this.#truth.observe(this.#cluster);
    for (const baselines of this.#baselines.values()) baselines.observe(this.#poll, this.#cluster.nowMs);
    const snapshot = this.#poller.poll(this.#probes);
    const { report, transitions, timeProbes } = advance(this.#engine, snapshot);
    this.#probes = timeProbes;
    for (const transition of transitions) this.#note(transition);
    for (const alarm of this.#open.values()) alarm.lastPoll = this.#poll;
    this.#compare(report);
    this.#keep(snapshot);
    this.#poll++;
  }

  #compare(report: Report): void {
    const isOpen = (subject: Subject) => this.#open.has(keyOf('will-lose-data', subject));
    this.#quantities.observe(report, this.#cluster, (group) => this.#truth.seriesOf(group), isOpen);
  }

  #note(transition: Transition): void {
    const { code } = transition;
    const subject = subjectOf(transition);
    const key = keyOf(code, subject);
    if (transition.type === 'cleared') {
      this.#open.delete(key);
      return;
    }
    const { severity, cause, summary, muted } = transition;
    if (muted === true) return;
    let alarm = this.#open.get(key);
    if (alarm === undefined) {
      const polls = { firstPoll: this.#poll, lastPoll: this.#poll };
      alarm = { code, subject, ...polls, worst: severity, reached: {}, explained: cause !== null, summary };
      this.#open.set(key, alarm);
      this.#alarms.push(alarm);
    }
    const rank = severities.indexOf(severity);
    if (rank > severities.indexOf(alarm.worst)) alarm.worst = severity;
    for (const lesser of severities.slice(0, rank + 1)) alarm.reached[lesser] ??= this.#poll;
    if (cause === null) alarm.explained = false;
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

const subjectFields = ['groupId', 'topic', 'partition', 'brokerId', 'logDir', 'collector'] as const;

function subjectOf(transition: Transition): Subject {
  return pick(transition, subjectFields);
}

function keyOf(code: string, subject: Subject): string {
  return [code, ...subjectFields.map((field) => subject[field])].join(' ');
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as Pick<T, K>;
}

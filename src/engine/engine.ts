import type { FindingSettings } from '../evaluators/index.ts';
import {
  type MeasureContext,
  type MeasureSettings,
  measureAggregates,
  measureProduceRates,
  measureSeries,
} from '../evaluators/measures/index.ts';
import { createPolicyMatcher } from '../evaluators/policies.ts';
import { ClusterHistory } from '../history/cluster-history.ts';
import { RowKeeping } from '../history/row-keeping.ts';
import type { Advance, Engine, EnginePart } from '../model/engine.ts';
import type { EngineMemory } from '../model/engine-memory.ts';
import type { FindingSubject } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { Report, Tables } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { absenceOf } from './absence.ts';
import { CollectorStatuses } from './collector-statuses.ts';
import { rememberQuorum, restoreQuorum } from './control-plane.ts';
import { CounterMemory } from './counter-memory.ts';
import { GoneOffsetsWatch } from './gone-offsets.ts';
import { GroupLags } from './group-lags.ts';
import { GroupRebalances } from './group-rebalances.ts';
import { GroupStops } from './group-stops.ts';
import { HabitMemory } from './habit-memory.ts';
import { Intake, ingest } from './ingest/index.ts';
import { createJudge, type Judge } from './judge.ts';
import { ReaderMemory } from './reader-memory.ts';
import { RecentEvents } from './recent-events.ts';
import { resultBuffers, tablesOf } from './tables.ts';
import { TimeBase } from './time-base.ts';
import { TimeProbes } from './time-probes.ts';

export interface EngineSettings {
  /** The poll interval, ms. */
  intervalMs: number;
  /** The section `measures` of the config. */
  measures: MeasureSettings;
  /** The section `findings` of the config. */
  findings: FindingSettings;
  /** The section `policies` of the config, in its order. */
  policies: readonly Policy[];
  /** Whether groups and topics are watched: findings on others end with the start. Without it, all are. */
  isWatched?: (subject: FindingSubject) => boolean;
  /** Called with what a rule threw; without it the exception goes on. */
  onBug?: (where: string, error: unknown) => void;
}

/** How often what is read seldom is read by default: a trace does not tell it, and must be judged as the live cluster was. */
const seldom = { logDirsMs: 60_000, permissionsMs: 600_000 };

/** Rows that are measured between two pauses: a few milliseconds of work. */
const rowsPerPause = 8192;

/** An engine for one cluster; its name comes with the snapshots. */
export function createEngine(settings: EngineSettings): Engine {
  return new ClusterEngine(settings);
}

class ClusterEngine implements Engine {
  readonly #settings: EngineSettings;
  readonly #time: TimeBase;
  readonly #history = new ClusterHistory();
  readonly #keeping: RowKeeping;
  readonly #rebalances = new GroupRebalances();
  readonly #stops = new GroupStops();
  readonly #lags = new GroupLags();
  readonly #recentEvents = new RecentEvents();
  readonly #collectors: CollectorStatuses;
  readonly #judge: Judge;
  readonly #probes = new TimeProbes();
  readonly #counters = new CounterMemory();
  readonly #goneOffsets = new GoneOffsetsWatch();
  readonly #readers = new ReaderMemory();
  readonly #habits = new HabitMemory();
  /** The first is written in the coming cycle, the second is published. */
  #buffers = resultBuffers();
  #cluster = '';
  #lastMoment = { nowMs: 0, wallOffsetMs: 0 };

  constructor(settings: EngineSettings) {
    this.#settings = settings;
    this.#time = new TimeBase(settings.measures.clockStepMin);
    this.#collectors = new CollectorStatuses(settings.intervalMs);
    const policyOf = createPolicyMatcher(settings.policies);
    this.#keeping = new RowKeeping(this.#history, (groupId, topic) => policyOf(this.#cluster, groupId, topic));
    const { findings, policies, measures, isWatched, onBug } = settings;
    const staleMs = this.#staleAfter(settings.intervalMs);
    const rebalanceWindowMs = settings.measures.rebalanceWindow;
    this.#judge = createJudge({
      ...{ staleMs, rebalanceWindowMs, findings, policies, measures },
      ...(isWatched !== undefined && { isWatched }),
      ...(onBug !== undefined && { onBug }),
    });
  }

  *advance(snapshot: Snapshot): Generator<EnginePart | undefined, Advance> {
    const intake = this.#ingest(snapshot);
    this.#counters.giveBack(this.#history, intake.moment.wallOffsetMs);
    this.#readers.giveBack(this.#history, intake.moment.wallOffsetMs);
    this.#habits.giveBack(this.#history, this.#stops, intake.moment.wallOffsetMs);
    this.#lastMoment = intake.moment;
    yield 'measures';
    const context = this.#context(intake);
    const { count } = this.#history.seriesTable.rows;
    for (let from = 0; from < count; from += rowsPerPause) {
      yield;
      measureSeries(context, from, Math.min(count, from + rowsPerPause));
    }
    this.#stops.observe(context);
    yield;
    const tables = this.#publish(context);
    yield 'rules';
    const { transitions, ...judged } = yield* this.#judge.judge(tables, {
      cluster: snapshot.cluster,
      clusterId: this.#history.clusterId,
      atMs: snapshot.atMs,
      monotonicMs: context.nowMs,
      gone: intake.gone,
      absence: absenceOf(intake),
      recentEvents: this.#recentEvents.add(intake.events, snapshot.atMs),
      collectors: this.#collectors.all(),
      reachable: isReachable(snapshot),
      brokerConfig: this.#history.brokerConfig,
    });
    const report = this.#report(snapshot, context, tables, judged);
    return { report, transitions, events: intake.events, timeProbes: this.#probes.ask(context) };
  }

  refill(snapshot: Snapshot): void {
    const context = this.#context(this.#ingest(snapshot));
    measureSeries(context, 0, this.#history.seriesTable.rows.count);
    this.#stops.observe(context);
    // What the stored snapshots hold was counted when they were taken; the memory has those counts.
    this.#history.clearCounters();
    this.#history.forgetTopicReads();
  }

  restore(memory: EngineMemory): void {
    this.#counters.restore(memory);
    this.#readers.restore(memory);
    this.#habits.restore(memory);
    this.#judge.restore(memory);
    restoreQuorum(this.#history, memory);
  }

  memory(): EngineMemory {
    const quorum = rememberQuorum(this.#history);
    const readers = this.#readers.remember(this.#history);
    const habits = this.#habits.remember(this.#history, this.#stops, this.#lastMoment);
    return { ...this.#judge.memory(), ...this.#counters.remember(this.#history), readers, habits, ...quorum };
  }

  #ingest(snapshot: Snapshot): Intake {
    const { measures, intervalMs } = this.#settings;
    this.#cluster = snapshot.cluster;
    const moment = this.#time.advance(snapshot);
    const intake = new Intake(this.#history, this.#keeping, snapshot, moment, intervalMs);
    if (moment.steppedMs !== 0) this.#beginAnew(intake);
    this.#collectors.ingest(snapshot);
    const changes = ingest(intake, measures);
    this.#rebalances.ingest(intake, changes, measures);
    this.#stops.forget(intake.gone.groups);
    this.#lags.forget(intake.gone.groups);
    this.#goneOffsets.observe(intake, measures.goneMemory);
    this.#keeping.forgetGone(moment.nowMs - measures.goneMemory);
    return intake;
  }

  /** Wall and monotonic time parted: which of them told the truth is not known, so no window may span the moment. */
  #beginAnew(intake: Intake): void {
    this.#history.forgetWindows();
    const seconds = Math.round(intake.moment.steppedMs / 1000);
    intake.tell('tidemark', 'clock-stepped', {}, `The clock stepped by ${seconds} s: all windows begin anew.`);
  }

  #context({ moment }: Intake): MeasureContext {
    const [buffer] = this.#buffers;
    const out = buffer.reserve(this.#history);
    const { measures, intervalMs } = this.#settings;
    const context: MeasureContext = {
      history: this.#history,
      out,
      settings: measures,
      intervalMs,
      nowMs: moment.nowMs,
      wallOffsetMs: moment.wallOffsetMs,
      staleAfterMs: {
        ends: this.#staleAfter(this.#collectors.everyMs('end-offsets')),
        commits: this.#staleAfter(this.#collectors.everyMs('committed-offsets')),
        membership: this.#staleAfter(this.#collectors.everyMs('group-membership')),
        logDirs: this.#staleAfter(Math.max(seldom.logDirsMs, this.#collectors.everyMs('log-dirs'))),
        quorum: this.#staleAfter(this.#collectors.everyMs('quorum')),
        permissions: this.#staleAfter(Math.max(seldom.permissionsMs, this.#collectors.everyMs('permissions'))),
      },
    };
    measureProduceRates(context);
    return context;
  }

  #staleAfter(everyMs: number): number {
    const { staleIntervals, staleMin } = this.#settings.measures;
    return Math.max(staleMin, staleIntervals * everyMs);
  }

  #publish(context: MeasureContext): Tables {
    const [buffer, published] = this.#buffers;
    measureAggregates(context, buffer.groups, buffer.groupTopics);
    this.#rebalances.publish(this.#history, buffer.groups);
    this.#stops.publish(context, buffer.groups);
    this.#lags.step(context, buffer.groups);
    this.#buffers = [published, buffer];
    return tablesOf(context, buffer);
  }

  #report(
    snapshot: Snapshot,
    { nowMs }: MeasureContext,
    tables: Tables,
    judged: Pick<Report, 'findings' | 'findingsRaised'>,
  ): Report {
    const { groupTable, partitionTable, seriesTable } = this.#history;
    return {
      cluster: snapshot.cluster,
      clusterId: this.#history.clusterId,
      atMs: snapshot.atMs,
      monotonicMs: nowMs,
      reachable: isReachable(snapshot),
      completeness: snapshot.completeness,
      ...tables,
      ...judged,
      collectors: this.#collectors.all(),
      counts: {
        groups: groupTable.rows.living,
        partitions: partitionTable.rows.living,
        series: seriesTable.rows.living,
      },
    };
  }
}

/** A trace need not hold Metadata: the cluster is unreachable only where reading it failed. */
function isReachable({ reads, failures }: Snapshot): boolean {
  return reads.cluster !== undefined || !failures.some(({ collector }) => collector === 'cluster');
}

import { isFailing } from '../evaluators/judging/failing-run.ts';
import type { CollectorStatus } from '../model/report.ts';
import type { CollectorRun, Facet, Failure, Snapshot } from '../model/snapshot.ts';

/** How each collector stands over the cycles. A collector that was not due keeps its status. */
export class CollectorStatuses {
  readonly #intervalMs: number;
  readonly #statuses = new Map<Facet, CollectorStatus>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  ingest(snapshot: Snapshot): void {
    for (const run of snapshot.runs ?? this.#runsOf(snapshot)) {
      const before = this.#statuses.get(run.collector);
      const failures = failuresOf(snapshot, run.collector);
      this.#statuses.set(run.collector, {
        ...run,
        lastSuccessMs: run.outcome === 'failed' ? (before?.lastSuccessMs ?? null) : snapshot.atMs,
        failingPolls: isFailing(run, failures) ? (before?.failingPolls ?? 0) + 1 : 0,
        failures,
      });
    }
  }

  all(): readonly CollectorStatus[] {
    return [...this.#statuses.values()];
  }

  /** How often a collector runs: never more often than the cycle. */
  everyMs(collector: Facet): number {
    return Math.max(this.#intervalMs, this.#statuses.get(collector)?.everyMs ?? 0);
  }

  /** A trace does not tell how its collectors fared: what it holds and what it lacks does. */
  #runsOf(snapshot: Snapshot): CollectorRun[] {
    const told = new Set<Facet>(Object.keys(snapshot.reads) as Facet[]);
    for (const { collector } of snapshot.failures) told.add(collector);
    return [...told].map((collector) => {
      const wasRead = snapshot.reads[collector] !== undefined;
      const isPartial = failuresOf(snapshot, collector).length > 0;
      const outcome = !wasRead ? 'failed' : isPartial ? 'partial' : 'ok';
      return { collector, startedAtMs: snapshot.atMs, durationMs: 0, outcome, everyMs: this.#intervalMs };
    });
  }
}

function failuresOf(snapshot: Snapshot, collector: Facet): Failure[] {
  const whole = snapshot.failures.filter((failure) => failure.collector === collector);
  return [...(snapshot.reads[collector]?.failures ?? []), ...whole];
}

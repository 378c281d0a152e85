import type { Report } from '../model/report.ts';

/** What one sample of a family is about; it decides the first labels. `cluster` stands once a cluster, `finding` once an open finding. */
export const rowLabels = {
  'group-partition': ['group', 'topic', 'partition'],
  partition: ['topic', 'partition'],
  'group-topic': ['group', 'topic'],
  group: ['group'],
  topic: ['topic'],
  broker: ['broker'],
  finding: [],
  cluster: [],
} as const satisfies Record<string, readonly string[]>;
export type RowKind = keyof typeof rowLabels;

/** What samples are made from: one cluster's report, and the words that it does not hold. */
export interface Source {
  report: Report;
  /** Every finding code that the rules know: those that are not open are exported as 0. */
  findingCodes: readonly string[];
}

/** Writes one sample of the row. NaN, null and infinities write nothing. `labels` comes from labelText. */
export type Write = (value: number | null | undefined, labels?: string) => void;

interface FamilyBase {
  /** Counters end in `_total`. */
  name: `tidemark_${string}`;
  type: 'gauge' | 'counter';
  /** Ends without a full stop; no quotes. */
  help: string;
  stability: 'stable' | 'experimental';
  /** Labels after those of the row. */
  labels?: readonly string[];
  /** A row that was not read for long writes nothing, unless it says so here: what it is stays true, its numbers do not. */
  staleToo?: true;
}

/** One number of a table of many rows: where nothing has changed, what was made of it before is used again. */
export interface BulkFamily extends FamilyBase {
  rows: 'group-partition' | 'partition';
  /** All that decides the samples, beside the rows' labels and ages. */
  column(report: Report): Float64Array;
  /** Seconds are rounded to thousandths. */
  unit: 'records' | 'seconds';
}

export interface RowFamily extends FamilyBase {
  rows: Exclude<RowKind, BulkFamily['rows']>;
  sample(source: Source, row: number, write: Write): void;
}

/** One entry of the catalogue. Rendering, docs/metrics.md and (later) dashboards all come from it. */
export type MetricFamily = BulkFamily | RowFamily;

export function isBulk(family: MetricFamily): family is BulkFamily {
  return 'column' in family;
}

/** Rounds to thousandths: a millisecond is as fine as anything here is known. */
export function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** 1 for the member of a set that holds, 0 for each other: one sample a state. A word that the set lacks leaves all at 0. */
export function writeStates(states: ReadonlyMap<string, string>, current: string | null, write: Write): void {
  if (current === null) return;
  for (const [state, labels] of states) write(state === current ? 1 : 0, labels);
}

import type { FacetReads, Snapshot } from '../model/snapshot.ts';

/** How much a replay may take in over all lines and clusters: ten times what tidemark is made for. */
export interface ExtentLimits {
  clusters: number;
  groups: number;
  /** Counted by the highest number in each topic, for rows are kept by number. */
  partitions: number;
  /** In the same way, of each group on each topic. */
  series: number;
  /** Characters of all names together. */
  nameLength: number;
}

const defaultLimits: ExtentLimits = {
  clusters: 1_000,
  groups: 500_000,
  partitions: 1_000_000,
  series: 1_000_000,
  nameLength: 2 ** 26,
};

type Counts = Record<keyof ExtentLimits, number>;

/** Partitions by topic, and by group and topic: how many there are at least, by the highest number seen. */
interface Widths {
  partitions: Map<string, number>;
  series: Map<string, Map<string, number>>;
}

/**
 * Bounds what a trace makes tidemark remember. One line cannot hold much, but each may name other groups, and one number can stand
 * for a hundred thousand partitions.
 */
export class TraceExtent {
  readonly #limits: ExtentLimits;
  readonly #clusters = new Map<string, Widths>();
  #counts: Counts = { clusters: 0, groups: 0, partitions: 0, series: 0, nameLength: 0 };

  constructor(limits = defaultLimits) {
    this.#limits = limits;
  }

  /** A sentence where the snapshot would go beyond a limit: it is not counted then, and must not be judged. */
  admit({ cluster, reads }: Snapshot): string | null {
    const known = this.#clusters.get(cluster);
    const named = widthsOf(reads);
    const counts = { ...this.#counts };
    if (known === undefined) {
      counts.clusters++;
      counts.nameLength += cluster.length;
    }
    counts.partitions += growth(named.partitions, known?.partitions, counts);
    for (const [groupId, topics] of named.series) {
      const before = known?.series.get(groupId);
      if (before === undefined) {
        counts.groups++;
        counts.nameLength += groupId.length;
      }
      counts.series += growth(topics, before, counts);
    }
    for (const [what, limit] of Object.entries(this.#limits) as [keyof ExtentLimits, number][]) {
      if (counts[what] > limit) return `with it the trace would hold ${spoken[what](limit)}`;
    }
    this.#counts = counts;
    this.#take(cluster, named, known);
    return null;
  }

  #take(cluster: string, named: Widths, known: Widths | undefined): void {
    if (known === undefined) {
      this.#clusters.set(cluster, named);
      return;
    }
    for (const [topic, width] of named.partitions) widen(known.partitions, topic, width);
    for (const [groupId, topics] of named.series) {
      const before = known.series.get(groupId);
      if (before === undefined) known.series.set(groupId, topics);
      else for (const [topic, width] of topics) widen(before, topic, width);
    }
  }
}

const spoken: Record<keyof ExtentLimits, (limit: number) => string> = {
  clusters: (limit) => `more than ${limit} clusters`,
  groups: (limit) => `more than ${limit} groups`,
  partitions: (limit) => `more than ${limit} partitions`,
  series: (limit) => `more than ${limit} series`,
  nameLength: (limit) => `names of more than ${limit} characters`,
};

/** By how much the widths grow. Names that are new are added to the counts. */
function growth(named: ReadonlyMap<string, number>, known: ReadonlyMap<string, number> | undefined, counts: Counts) {
  let grown = 0;
  for (const [topic, width] of named) {
    const before = known?.get(topic);
    if (before === undefined) counts.nameLength += topic.length;
    grown += Math.max(0, width - (before ?? 0));
  }
  return grown;
}

function widthsOf(reads: FacetReads): Widths {
  const partitions = new Map<string, number>();
  for (const { topic, partitions: states } of reads.cluster?.value.topics ?? []) {
    widen(partitions, topic, 1);
    for (const { partition } of states) widen(partitions, topic, partition + 1);
  }
  const columns = [
    ...(reads['log-start-offsets']?.value ?? []),
    ...(reads['end-offsets']?.value ?? []),
    ...(reads['log-dirs']?.value.sizes ?? []),
  ];
  for (const { topic, partitions: numbers } of columns) widen(partitions, topic, widthOf(numbers));
  const series = new Map<string, Map<string, number>>();
  for (const { groupId, topics } of reads['committed-offsets']?.value ?? []) {
    const widths = taken(series, groupId);
    for (const { topic, partitions: numbers } of topics) widen(widths, topic, widthOf(numbers));
  }
  for (const { groupId, members } of reads['group-membership']?.value ?? []) {
    const widths = taken(series, groupId);
    const assigned = (members ?? []).flatMap(({ assignment }) => assignment ?? []);
    for (const { topic, partitions: numbers } of assigned) widen(widths, topic, widthOf(numbers));
  }
  return { partitions, series };
}

/** At least one: the name alone takes room. */
function widthOf(numbers: readonly number[]): number {
  let highest = 0;
  for (const number of numbers) if (number > highest) highest = number;
  return highest + 1;
}

function widen(widths: Map<string, number>, topic: string, width: number): void {
  const before = widths.get(topic);
  if (before === undefined || width > before) widths.set(topic, width);
}

function taken(series: Map<string, Map<string, number>>, groupId: string): Map<string, number> {
  let widths = series.get(groupId);
  if (widths === undefined) {
    widths = new Map();
    series.set(groupId, widths);
  }
  return widths;
}

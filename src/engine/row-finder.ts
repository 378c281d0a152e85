import type { FindingSubject } from '../model/finding.ts';
import type { Tables } from '../model/report.ts';

/** Finds the rows of subjects by name, for findings that outlive a row number. Built for one cycle, and only as far as asked. */
export class RowFinder {
  readonly #tables: Tables;
  #groups: ReadonlyMap<string, number> | null = null;
  #topics: ReadonlyMap<string, number> | null = null;
  /** By group row: row of each topic row. */
  #groupTopics: ReadonlyMap<number, ReadonlyMap<number, number>> | null = null;
  /** By group row: series row of each partition row. */
  readonly #series = new Map<number, ReadonlyMap<number, number>>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  group(groupId: string): number | undefined {
    const { groups } = this.#tables;
    this.#groups ??= rowsByName(groups.rows, groups.alive, groups.groupId);
    return this.#groups.get(groupId);
  }

  topic(topic: string): number | undefined {
    const { topics } = this.#tables;
    this.#topics ??= rowsByName(topics.rows, topics.alive, topics.topic);
    return this.#topics.get(topic);
  }

  partition(topic: string, partition: number): number | undefined {
    const { topics, partitions } = this.#tables;
    const topicRow = this.topic(topic);
    if (topicRow === undefined) return undefined;
    const rows = topics.partitionRows[topicRow]!;
    // Partition numbers are dense but where some were never read: then the place is not the number.
    const row = partitions.partition[rows[partition]!] === partition ? rows[partition] : undefined;
    return row ?? rows.find((candidate) => partitions.partition[candidate] === partition);
  }

  series(groupId: string, topic: string, partition: number): number | undefined {
    const groupRow = this.group(groupId);
    const partitionRow = this.partition(topic, partition);
    if (groupRow === undefined || partitionRow === undefined) return undefined;
    const ofGroup = this.#series.get(groupRow) ?? this.#seriesOf(groupRow);
    this.#series.set(groupRow, ofGroup);
    return ofGroup.get(partitionRow);
  }

  groupTopic(groupId: string, topic: string): number | undefined {
    const groupRow = this.group(groupId);
    const topicRow = this.topic(topic);
    if (groupRow === undefined || topicRow === undefined) return undefined;
    this.#groupTopics ??= this.#rowsByGroupAndTopic();
    return this.#groupTopics.get(groupRow)?.get(topicRow);
  }

  #rowsByGroupAndTopic(): ReadonlyMap<number, ReadonlyMap<number, number>> {
    const { rows, alive, groupRow, topicRow } = this.#tables.groupTopics;
    const found = new Map<number, Map<number, number>>();
    for (let row = 0; row < rows; row++) {
      if (alive[row] !== 1) continue;
      const ofGroup = found.get(groupRow[row]!) ?? new Map<number, number>();
      found.set(groupRow[row]!, ofGroup.set(topicRow[row]!, row));
    }
    return found;
  }

  #seriesOf(groupRow: number): ReadonlyMap<number, number> {
    const { groups, series } = this.#tables;
    const rows = new Map<number, number>();
    for (const row of groups.seriesRows[groupRow] ?? [])
      if (series.alive[row] === 1) rows.set(series.partitionRow[row]!, row);
    return rows;
  }

  /** Where Kafka has given the topic another ID since (KIP-516), it is another topic of the same name. */
  isReCreated({ topic, topicId }: FindingSubject): boolean {
    const row = topic === undefined ? undefined : this.topic(topic);
    if (row === undefined || topicId === undefined) return false;
    const now = this.#tables.topics.topicId[row] ?? null;
    return now !== null && now !== topicId;
  }
}

function rowsByName(rows: number, alive: Uint8Array, names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let row = 0; row < rows; row++) if (alive[row] === 1) found.set(names[row]!, row);
  return found;
}

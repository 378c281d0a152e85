import type { Finding } from './finding.ts';
import type { Report } from './report.ts';

const none: readonly number[] = [];
const noFindings: readonly Finding[] = [];

/** One published report with the look-ups that pages and lines need; each is made at its first use. */
export class ReportView {
  readonly report: Report;
  #groupRows: Map<string, number> | undefined;
  #topicRows: Map<string, number> | undefined;
  #groupTopicRowsByGroup: Map<number, number[]> | undefined;
  #groupTopicRowsByTopic: Map<number, number[]> | undefined;
  #findingsByGroup: Map<string, Finding[]> | undefined;

  constructor(report: Report) {
    this.report = report;
  }

  groupRow(groupId: string): number | undefined {
    this.#groupRows ??= rowsByName(this.report.groups.groupId, this.report.groups);
    return this.#groupRows.get(groupId);
  }

  topicRow(topic: string): number | undefined {
    this.#topicRows ??= rowsByName(this.report.topics.topic, this.report.topics);
    return this.#topicRows.get(topic);
  }

  /** Rows of groupTopics that belong to the group. */
  groupTopicRowsOfGroup(groupRow: number): readonly number[] {
    this.#groupTopicRowsByGroup ??= rowsByOwner(this.report.groupTopics.groupRow, this.report.groupTopics);
    return this.#groupTopicRowsByGroup.get(groupRow) ?? none;
  }

  /** Rows of groupTopics that belong to the topic: who reads it. */
  groupTopicRowsOfTopic(topicRow: number): readonly number[] {
    this.#groupTopicRowsByTopic ??= rowsByOwner(this.report.groupTopics.topicRow, this.report.groupTopics);
    return this.#groupTopicRowsByTopic.get(topicRow) ?? none;
  }

  /** Open findings of the group, worst first. */
  findingsOfGroup(groupId: string): readonly Finding[] {
    this.#findingsByGroup ??= Map.groupBy(
      this.report.findings.filter((finding) => finding.groupId !== undefined),
      (finding) => finding.groupId!,
    );
    return this.#findingsByGroup.get(groupId) ?? noFindings;
  }
}

interface Rows {
  rows: number;
  readonly alive: Uint8Array;
}

function rowsByName(names: readonly string[], table: Rows): Map<string, number> {
  const byName = new Map<string, number>();
  for (const row of aliveRows(table)) byName.set(names[row]!, row);
  return byName;
}

function rowsByOwner(owners: Int32Array, table: Rows): Map<number, number[]> {
  const byOwner = new Map<number, number[]>();
  for (const row of aliveRows(table)) {
    const rows = byOwner.get(owners[row]!);
    if (rows) rows.push(row);
    else byOwner.set(owners[row]!, [row]);
  }
  return byOwner;
}

/** The rows of a table that are in use, ascending. */
export function* aliveRows(table: Rows): Generator<number> {
  for (let row = 0; row < table.rows; row++) if (table.alive[row] === 1) yield row;
}

/** Partition rows of a topic row that are in use, by partition number. */
export function partitionRowsOf({ topics, partitions }: Report, topicRow: number): number[] {
  const rows: number[] = [];
  const all = topics.partitionRows[topicRow]!;
  for (let i = 0; i < all.length; i++) if (partitions.alive[all[i]!] === 1) rows.push(all[i]!);
  return rows;
}

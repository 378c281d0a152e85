import { ages, type Report } from '../model/report.ts';
import { aliveRows } from '../model/report-view.ts';
import { findingLabels, isAlertable } from './families/findings.ts';
import type { RowKind } from './family.ts';
import { escapeLabelValue, labelText } from './labels.ts';

/** The rows of one kind, with the bytes of their labels. */
export interface LabelledRows {
  readonly count: number;
  /**
   * Points `head` (an opening brace and the first labels) and `tail` (further ones, after a comma) at the row's labels; false where
   * the row writes nothing.
   */
  locate(row: number): boolean;
  head: Uint8Array;
  tail: Uint8Array;
}

const nothing = new Uint8Array();
const stale = ages.indexOf('stale');

/**
 * Bytes of the labels of one cluster's rows. A series has none of its own: it is its group's head and its partition's tail, so
 * 100,000 series need the bytes of 1,000 groups and 10,000 partitions. They are kept from publish to publish, and made anew where
 * a row was given to another name.
 */
export class RowLabels {
  readonly cluster: Uint8Array;
  readonly #groups: NamedRows;
  readonly #topicHeads: NamedRows;
  readonly #topicTails: NamedRows;
  readonly #partitions: { topic: string; partition: number; bytes: Uint8Array }[] = [];

  /** `clusterLabel` is the label's name, `cluster` its value. */
  constructor(clusterLabel: string, cluster: string) {
    const head = `{${clusterLabel}="${escapeLabelValue(cluster)}"`;
    this.cluster = Buffer.from(head);
    this.#groups = new NamedRows(`${head},group=`);
    this.#topicHeads = new NamedRows(`${head},topic=`);
    this.#topicTails = new NamedRows(',topic=');
  }

  /** Rows of what was not read for long are left out, unless `staleToo`. */
  rows(kind: RowKind, report: Report, staleToo: boolean): LabelledRows {
    switch (kind) {
      case 'group-partition':
        return this.#seriesRows(report);
      case 'partition':
        return this.#partitionRows(report);
      case 'group-topic':
        return this.#groupTopicRows(report);
      case 'group':
        return this.#groupRows(report, staleToo);
      case 'topic':
        return this.#topicRows(report, staleToo);
      case 'broker':
        return this.#brokerRows(report, staleToo);
      case 'finding':
        return this.#findingRows(report);
      case 'cluster':
        return { count: staleToo || !isUnread(report) ? 1 : 0, head: this.cluster, tail: nothing, locate: () => true };
    }
  }

  #seriesRows({ series, groups, partitions, topics }: Report): LabelledRows {
    const rows: LabelledRows = {
      count: series.rows,
      head: nothing,
      tail: nothing,
      locate: (row) => {
        if (series.alive[row] !== 1 || series.age[row] === stale) return false;
        const group = series.groupRow[row]!;
        const partition = series.partitionRow[row]!;
        rows.head = this.#groups.bytes(group, groups.groupId[group]!);
        rows.tail = this.#partition(
          partition,
          topics.topic[partitions.topicRow[partition]!]!,
          partitions.partition[partition]!,
        );
        return true;
      },
    };
    return rows;
  }

  #partitionRows({ partitions, topics }: Report): LabelledRows {
    const rows: LabelledRows = {
      count: partitions.rows,
      head: this.cluster,
      tail: nothing,
      locate: (row) => {
        if (partitions.alive[row] !== 1 || partitions.age[row] === stale) return false;
        rows.tail = this.#partition(row, topics.topic[partitions.topicRow[row]!]!, partitions.partition[row]!);
        return true;
      },
    };
    return rows;
  }

  #groupTopicRows({ groupTopics, groups, topics }: Report): LabelledRows {
    const rows: LabelledRows = {
      count: groupTopics.rows,
      head: nothing,
      tail: nothing,
      locate: (row) => {
        const group = groupTopics.groupRow[row]!;
        if (groupTopics.alive[row] !== 1 || groups.age[group] === stale) return false;
        const topic = groupTopics.topicRow[row]!;
        rows.head = this.#groups.bytes(group, groups.groupId[group]!);
        rows.tail = this.#topicTails.bytes(topic, topics.topic[topic]!);
        return true;
      },
    };
    return rows;
  }

  #groupRows({ groups }: Report, staleToo: boolean): LabelledRows {
    const rows: LabelledRows = {
      count: groups.rows,
      head: nothing,
      tail: nothing,
      locate: (row) => {
        if (groups.alive[row] !== 1 || (groups.age[row] === stale && !staleToo)) return false;
        rows.head = this.#groups.bytes(row, groups.groupId[row]!);
        return true;
      },
    };
    return rows;
  }

  #topicRows(report: Report, staleToo: boolean): LabelledRows {
    const { topics } = report;
    const rows: LabelledRows = {
      count: staleToo || !isUnread(report) ? topics.rows : 0,
      head: nothing,
      tail: nothing,
      locate: (row) => {
        if (topics.alive[row] !== 1) return false;
        rows.head = this.#topicHeads.bytes(row, topics.topic[row]!);
        return true;
      },
    };
    return rows;
  }

  #brokerRows(report: Report, staleToo: boolean): LabelledRows {
    const { brokers } = report;
    const rows: LabelledRows = {
      count: staleToo || !isUnread(report) ? brokers.length : 0,
      head: this.cluster,
      tail: nothing,
      locate: (row) => {
        rows.tail = Buffer.from(labelText({ broker: brokers[row]!.brokerId }));
        return true;
      },
    };
    return rows;
  }

  /** Two findings with the same labels (of a topic and of its namesake before) would be a duplicate sample: the worse one stands. */
  #findingRows({ findings }: Report): LabelledRows {
    const seen = new Set<string>();
    return {
      count: findings.length,
      head: this.cluster,
      tail: nothing,
      locate: (row) => {
        const finding = findings[row]!;
        const labels = findingLabels(finding);
        if (!isAlertable(finding) || seen.has(labels)) return false;
        seen.add(labels);
        return true;
      },
    };
  }

  #partition(row: number, topic: string, partition: number): Uint8Array {
    const cached = this.#partitions[row];
    if (cached?.topic === topic && cached.partition === partition) return cached.bytes;
    const bytes = Buffer.from(labelText({ topic, partition }));
    this.#partitions[row] = { topic, partition, bytes };
    return bytes;
  }
}

/**
 * Whether the cluster has not answered for so long that what Metadata said of it is stale: no partition was read lately either. A
 * partition without a leader is not read, so partitions alone say nothing.
 */
function isUnread({ reachable, partitions }: Report): boolean {
  return !reachable && !aliveRows(partitions).some((row) => partitions.age[row] !== stale);
}

/** Bytes of `<before>"<name>"`, by row. */
class NamedRows {
  readonly #before: string;
  readonly #cached: { name: string; bytes: Uint8Array }[] = [];

  constructor(before: string) {
    this.#before = before;
  }

  bytes(row: number, name: string): Uint8Array {
    const cached = this.#cached[row];
    if (cached?.name === name) return cached.bytes;
    const bytes = Buffer.from(`${this.#before}"${escapeLabelValue(name)}"`);
    this.#cached[row] = { name, bytes };
    return bytes;
  }
}

import type { Database, Statement } from 'better-sqlite3';
import type { Report } from '../model/report.ts';
import { Dictionary } from './dictionary.ts';
import { RowMap } from './row-map.ts';

const tables = ['topic', 'partition', 'consumer_group', 'series'] as const;
type Table = (typeof tables)[number];

/** Who lives in the rows of the report, as IDs of the dictionary. What leaves the report is marked gone on disk. */
export class Residents {
  readonly topics = new RowMap<string, string | null>();
  readonly partitions = new RowMap<number, number>();
  readonly groups = new RowMap<string, null>();
  readonly series = new RowMap<number, number>();
  readonly #database: Database;
  readonly #dictionary: Dictionary;
  readonly #markGone: Readonly<Record<Table, Statement<[number, number]>>>;
  #first = true;

  constructor(database: Database) {
    this.#database = database;
    this.#dictionary = new Dictionary(database);
    const mark = (table: Table) => database.prepare<[number, number]>(`UPDATE ${table} SET gone_ms = ? WHERE id = ?`);
    this.#markGone = {
      topic: mark('topic'),
      partition: mark('partition'),
      consumer_group: mark('consumer_group'),
      series: mark('series'),
    };
  }

  /** Follows the report of a cycle; within its transaction. */
  sync(report: Report): void {
    const gone: Record<Table, number[]> = {
      topic: this.#syncTopics(report),
      partition: this.#syncPartitions(report),
      consumer_group: this.#syncGroups(report),
      series: this.#syncSeries(report),
    };
    for (const table of tables) {
      const ids = this.#first ? this.#strangers(table) : gone[table];
      for (const id of ids) this.#markGone[table].run(report.atMs, id);
    }
    this.#first = false;
  }

  #syncTopics({ topics }: Report): number[] {
    const identity = { first: (row: number) => topics.topic[row]!, second: (row: number) => topics.topicId[row]! };
    return this.topics.sync(topics.rows, topics.alive, identity, (name, id) => this.#dictionary.topic(name, id));
  }

  #syncPartitions({ partitions }: Report): number[] {
    const identity = {
      first: (row: number) => this.topics.ids[partitions.topicRow[row]!]!,
      second: (row: number) => partitions.partition[row]!,
    };
    return this.partitions.sync(partitions.rows, partitions.alive, identity, (topic, number) =>
      this.#dictionary.partition(topic, number),
    );
  }

  #syncGroups({ groups }: Report): number[] {
    const identity = { first: (row: number) => groups.groupId[row]!, second: () => null };
    return this.groups.sync(groups.rows, groups.alive, identity, (groupId) => this.#dictionary.group(groupId));
  }

  #syncSeries({ series }: Report): number[] {
    const identity = {
      first: (row: number) => this.groups.ids[series.groupRow[row]!]!,
      second: (row: number) => this.partitions.ids[series.partitionRow[row]!]!,
    };
    return this.series.sync(series.rows, series.alive, identity, (group, partition) =>
      this.#dictionary.series(group, partition),
    );
  }

  /** After a start: what the file still counts as living and this report does not have. Should it come back, it is revived. */
  #strangers(table: Table): number[] {
    const map = { topic: this.topics, partition: this.partitions, consumer_group: this.groups, series: this.series }[
      table
    ];
    const living = this.#database.prepare<[], number>(`SELECT id FROM ${table} WHERE gone_ms IS NULL`).pluck().all();
    return living.filter((id) => (map.rows[id] ?? -1) === -1);
  }
}

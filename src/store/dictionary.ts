import type { Database, Statement } from 'better-sqlite3';

/** Where a topic without an ID (old brokers) is filed: its name is its identity. */
const noTopicId = '';

interface Entry {
  id: number;
  gone: number;
}

/**
 * IDs on disk of what samples belong to. A topic is its name and its topic ID, so a re-created one is another, with other
 * partitions and other series.
 */
export class Dictionary {
  readonly #topic: Lookup<[name: string, topicId: string]>;
  readonly #partition: Lookup<[topic: number, number: number]>;
  readonly #group: Lookup<[groupId: string]>;
  readonly #series: Lookup<[group: number, partition: number]>;

  constructor(database: Database) {
    this.#topic = new Lookup(database, 'topic', ['name', 'topic_id']);
    this.#partition = new Lookup(database, 'partition', ['topic', 'number']);
    this.#group = new Lookup(database, 'consumer_group', ['group_id']);
    this.#series = new Lookup(database, 'series', ['consumer_group', 'partition']);
  }

  topic(name: string, topicId: string | null): number {
    return this.#topic.take(name, topicId ?? noTopicId);
  }

  partition(topic: number, number: number): number {
    return this.#partition.take(topic, number);
  }

  group(groupId: string): number {
    return this.#group.take(groupId);
  }

  series(group: number, partition: number): number {
    return this.#series.take(group, partition);
  }
}

/** One table of the dictionary: finds the ID of a key, gives one where there is none, and notes that it is no longer gone. */
class Lookup<Key extends unknown[]> {
  readonly #find: Statement<Key, Entry>;
  readonly #add: Statement<Key>;
  readonly #revive: Statement<[number]>;

  constructor(database: Database, table: string, columns: readonly string[]) {
    const where = columns.map((column) => `${column} = ?`).join(' AND ');
    const marks = columns.map(() => '?').join(', ');
    this.#find = database.prepare(`SELECT id, gone_ms IS NOT NULL AS gone FROM ${table} WHERE ${where}`);
    this.#add = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
    this.#revive = database.prepare(`UPDATE ${table} SET gone_ms = NULL WHERE id = ?`);
  }

  take(...key: Key): number {
    const entry = this.#find.get(...key);
    if (entry === undefined) return Number(this.#add.run(...key).lastInsertRowid);
    if (entry.gone !== 0) this.#revive.run(entry.id);
    return entry.id;
  }
}

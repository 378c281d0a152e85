import type { Database, Statement } from 'better-sqlite3';
import type { HistoryKey } from '../model/series-reader.ts';
import type { Kind } from './planes.ts';

/** Finds the IDs of what history is asked for by name. Of a topic that was created anew it is the newest. */
export class SeriesLookup {
  readonly #group: Statement<[string], number>;
  readonly #partition: Statement<[string, number], number>;
  readonly #series: Statement<[number, number], number>;

  constructor(database: Database) {
    this.#group = database.prepare<[string], number>('SELECT id FROM consumer_group WHERE group_id = ?').pluck();
    this.#partition = database
      .prepare<[string, number], number>(
        `SELECT partition.id FROM partition JOIN topic ON topic.id = partition.topic
         WHERE name = ? AND number = ? ORDER BY topic.id DESC LIMIT 1`,
      )
      .pluck();
    this.#series = database
      .prepare<[number, number], number>('SELECT id FROM series WHERE consumer_group = ? AND partition = ?')
      .pluck();
  }

  /** Null: nothing is stored of it. */
  find(key: HistoryKey): number | null {
    const group = key.groupId === undefined ? undefined : this.#group.get(key.groupId);
    const kind = kindOf(key);
    if (kind === 'group') return group ?? null;
    const partition = this.#partition.get(key.topic!, key.partition!);
    if (kind === 'partition' || partition === undefined) return partition ?? null;
    return group === undefined ? null : (this.#series.get(group, partition) ?? null);
  }
}

/** What a key names; throws RangeError where it names a half. */
export function kindOf({ groupId, topic, partition }: HistoryKey): Kind {
  if (topic !== undefined && partition !== undefined) return groupId === undefined ? 'partition' : 'series';
  if (groupId !== undefined && topic === undefined && partition === undefined) return 'group';
  throw new RangeError('history is kept of a group, of a topic and partition, or of all three');
}

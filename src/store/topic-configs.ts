import type { Database, Statement } from 'better-sqlite3';
import type { Report } from '../model/report.ts';
import type { Facets, TopicConfig } from '../model/snapshot.ts';
import type { Residents } from './residents.ts';

/** How the settings of topics changed: one row a change, the latest being in force. */
export class TopicConfigs {
  readonly #residents: Residents;
  readonly #add: Statement<[topic: number, atMs: number, config: string]>;
  /** By row of the report: what was seen last. The engine makes a new object only when it was read anew. */
  readonly #seen: { id: number; config: TopicConfig }[] = [];
  readonly #latest: Map<number, string>;

  constructor(database: Database, residents: Residents) {
    this.#residents = residents;
    this.#add = database.prepare(
      'INSERT INTO topic_config VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET config = excluded.config',
    );
    this.#latest = latestConfigTexts(database);
  }

  /** One cycle; within its transaction, after the residents have followed the report. */
  save({ topics, atMs }: Report): void {
    for (let row = 0; row < topics.rows; row++) {
      const id = this.#residents.topics.ids[row]!;
      const config = topics.config[row] ?? null;
      const seen = this.#seen[row];
      if (id === 0 || config === null || (seen?.id === id && seen.config === config)) continue;
      const text = JSON.stringify(config);
      if (this.#latest.get(id) !== text) this.#add.run(id, atMs, text);
      this.#latest.set(id, text);
      this.#seen[row] = { id, config };
    }
  }
}

/** The settings that were in force at a moment. */
export function configsAt(database: Database, atMs: number): Facets['topic-configs'] {
  return database
    .prepare<[number], ConfigRow>(
      `SELECT name AS topic, config, max(at_ms) FROM topic_config JOIN topic ON topic.id = topic_config.topic
       WHERE at_ms <= ? GROUP BY name`,
    )
    .all(atMs)
    .map(topicAndConfig);
}

/** What changed in them after a moment, oldest first. */
export function* configChanges(
  database: Database,
  afterMs: number,
): Generator<{ atMs: number; change: Facets['topic-configs'][number] }> {
  const rows = database
    .prepare<[number], ConfigRow & { atMs: number }>(
      `SELECT name AS topic, config, at_ms AS atMs FROM topic_config JOIN topic ON topic.id = topic_config.topic
       WHERE at_ms > ? ORDER BY at_ms`,
    )
    .iterate(afterMs);
  for (const row of rows) yield { atMs: row.atMs, change: topicAndConfig(row) };
}

interface ConfigRow {
  topic: string;
  config: string;
}

function topicAndConfig({ topic, config }: ConfigRow): Facets['topic-configs'][number] {
  return { topic, config: JSON.parse(config) as TopicConfig };
}

function latestConfigTexts(database: Database): Map<number, string> {
  // With one max() SQLite takes the other columns from the row that has it.
  const rows = database
    .prepare<[], { topic: number; config: string }>('SELECT topic, config, max(at_ms) FROM topic_config GROUP BY topic')
    .all();
  return new Map(rows.map(({ topic, config }) => [topic, config]));
}

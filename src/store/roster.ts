import type { Database } from 'better-sqlite3';

/** Partitions of one topic, or one group's series on them: `ids[i]` is the one of partition `partitions[i]`. */
export interface RosterTopic {
  topic: string;
  partitions: number[];
  ids: number[];
}

/** What had not gone when the last cycle was stored, or all of which samples are left. */
export interface Roster {
  topics: (RosterTopic & { topicKey: number; topicId: string | null })[];
  groups: { groupId: string; topics: RosterTopic[] }[];
  /** Partitions and series. */
  rows: number;
}

interface PartitionRow {
  topicKey: number;
  topic: string;
  topicId: string;
  partition: number;
  id: number;
}

interface SeriesRow {
  groupId: string;
  topic: string;
  partition: number;
  id: number;
}

export function readRoster(database: Database, which: 'living' | 'all'): Roster {
  const living = (...tables: string[]) =>
    which === 'all' ? '' : `WHERE ${tables.map((table) => `${table}.gone_ms IS NULL`).join(' AND ')}`;
  const partitions = database
    .prepare<[], PartitionRow>(
      `SELECT topic.id AS topicKey, topic.name AS topic, topic_id AS topicId, number AS partition, partition.id AS id
       FROM partition JOIN topic ON topic.id = partition.topic
       ${living('partition', 'topic')} ORDER BY topic.id, number`,
    )
    .all();
  const series = database
    .prepare<[], SeriesRow>(
      `SELECT group_id AS groupId, topic.name AS topic, number AS partition, series.id AS id
       FROM series JOIN consumer_group ON consumer_group.id = series.consumer_group
       JOIN partition ON partition.id = series.partition JOIN topic ON topic.id = partition.topic
       ${living('series', 'topic')} ORDER BY consumer_group.id, topic.id, number`,
    )
    .all();
  return { topics: topicsOf(partitions), groups: groupsOf(series), rows: partitions.length + series.length };
}

function topicsOf(rows: readonly PartitionRow[]): Roster['topics'] {
  const topics: Roster['topics'] = [];
  for (const { topicKey, topic, topicId, partition, id } of rows) {
    let entry = topics.at(-1);
    if (entry?.topicKey !== topicKey) {
      entry = { topicKey, topic, topicId: topicId === '' ? null : topicId, partitions: [], ids: [] };
      topics.push(entry);
    }
    entry.partitions.push(partition);
    entry.ids.push(id);
  }
  return topics;
}

function groupsOf(rows: readonly SeriesRow[]): Roster['groups'] {
  const groups: Roster['groups'] = [];
  for (const { groupId, topic, partition, id } of rows) {
    let group = groups.at(-1);
    if (group?.groupId !== groupId) {
      group = { groupId, topics: [] };
      groups.push(group);
    }
    let entry = group.topics.at(-1);
    if (entry?.topic !== topic) {
      entry = { topic, partitions: [], ids: [] };
      group.topics.push(entry);
    }
    entry.partitions.push(partition);
    entry.ids.push(id);
  }
  return groups;
}

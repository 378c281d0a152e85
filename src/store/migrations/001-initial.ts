/**
 * The first schema. Samples are blobs (block-codec.ts) under computed rowids (addresses.ts). IDs of topics, partitions, groups
 * and series are never given twice (AUTOINCREMENT): old samples must not turn into another's. `gone_ms`: when the report lost the
 * row; the dictionary forgets it once its last sample has expired.
 */
export const initial = `
  CREATE TABLE tick (id INTEGER PRIMARY KEY, at_ms REAL NOT NULL, fresh INTEGER NOT NULL, reads TEXT);
  CREATE TABLE sample (id INTEGER PRIMARY KEY, data BLOB NOT NULL);

  CREATE TABLE topic (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, topic_id TEXT NOT NULL, gone_ms REAL,
    UNIQUE (name, topic_id));
  CREATE TABLE partition (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic INTEGER NOT NULL, number INTEGER NOT NULL, gone_ms REAL,
    UNIQUE (topic, number));
  CREATE TABLE consumer_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT, group_id TEXT NOT NULL UNIQUE, gone_ms REAL);
  CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT, consumer_group INTEGER NOT NULL, partition INTEGER NOT NULL, gone_ms REAL,
    UNIQUE (consumer_group, partition));
  CREATE INDEX topic_gone ON topic (gone_ms) WHERE gone_ms IS NOT NULL;
  CREATE INDEX partition_gone ON partition (gone_ms) WHERE gone_ms IS NOT NULL;
  CREATE INDEX consumer_group_gone ON consumer_group (gone_ms) WHERE gone_ms IS NOT NULL;
  CREATE INDEX series_gone ON series (gone_ms) WHERE gone_ms IS NOT NULL;

  CREATE TABLE topic_config (topic INTEGER NOT NULL, at_ms REAL NOT NULL, config TEXT NOT NULL, PRIMARY KEY (topic, at_ms))
    WITHOUT ROWID;
  CREATE TABLE transition (
    finding_id TEXT NOT NULL, type TEXT NOT NULL, at_ms REAL NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (finding_id, type, at_ms));
  CREATE INDEX transition_at ON transition (at_ms);
  CREATE TABLE event (id INTEGER PRIMARY KEY, at_ms REAL NOT NULL, body TEXT NOT NULL);
  CREATE INDEX event_at ON event (at_ms);

  CREATE TABLE state (part TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
`;

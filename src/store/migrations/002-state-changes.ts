/**
 * What was read of things that seldom change, a row a change: who is in a group, where a topic's partitions are led from, which
 * brokers live. `body` is JSON; NULL: it is gone. The latest row up to a moment is what was known then.
 */
export const stateChanges = `
  CREATE TABLE state_change (kind TEXT NOT NULL, name TEXT NOT NULL, at_ms REAL NOT NULL, body TEXT,
    PRIMARY KEY (kind, name, at_ms)) WITHOUT ROWID;
  CREATE INDEX state_change_at ON state_change (at_ms);
`;

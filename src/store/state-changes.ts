import { hash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import type {
  BrokerConfig,
  ClusterState,
  FacetReads,
  Failure,
  GroupMembership,
  Snapshot,
  TopicState,
} from '../model/snapshot.ts';

/** What is kept under each kind, by name; `brokers` and `broker-configs` have one, the empty one. */
export interface StateKinds {
  brokers: Pick<ClusterState, 'clusterId' | 'brokers'>;
  topic: TopicState;
  group: GroupMembership;
  'broker-configs': BrokerConfig;
}
export type StateKind = keyof StateKinds;

const theOne = '';
/** Rows that one cycle deletes at most. */
const rowsPerStep = 2_000;
const pruneEveryMs = 600_000;

/**
 * Writes what was read of members, partitions and brokers, whenever it differs from what was read before: a snapshot of the past
 * can then be put together again (`tidemark replay --from-store`). Of what stood in the last row it remembers only a hash.
 */
export class StateChanges {
  readonly #add: Statement<[kind: string, name: string, atMs: number, body: string | null]>;
  readonly #dropSuperseded: Statement<[cutoffMs: number, cutoffMs: number, atMost: number]>;
  /** By kind and name. */
  readonly #hashes: Readonly<Record<StateKind, Map<string, string>>>;
  #prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(database: Database) {
    this.#add = database.prepare(
      'INSERT INTO state_change VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
    // A row is superseded where a newer one is old enough to tell what was known from the cutoff on.
    this.#dropSuperseded = database.prepare(
      `DELETE FROM state_change WHERE (kind, name, at_ms) IN (
         SELECT kind, name, at_ms FROM state_change AS old WHERE at_ms < ? AND EXISTS (
           SELECT 1 FROM state_change AS newer
           WHERE newer.kind = old.kind AND newer.name = old.name AND newer.at_ms > old.at_ms AND newer.at_ms <= ?)
         LIMIT ?)`,
    );
    this.#hashes = { brokers: new Map(), topic: new Map(), group: new Map(), 'broker-configs': new Map() };
    for (const { kind, name, body } of lastStates(database)) this.#hashes[kind].set(name, hashOf(body));
  }

  /** One cycle; within its transaction. */
  save({ reads, completeness }: Snapshot, atMs: number): void {
    const isWhole = (failures: readonly Failure[]) => completeness === 'full' && failures.length === 0;
    const { cluster, 'group-membership': membership, 'broker-configs': brokerConfigs } = reads;
    if (cluster !== undefined) {
      const { clusterId, brokers, topics } = cluster.value;
      this.#saveOne('brokers', theOne, { clusterId, brokers }, atMs);
      const named = new Map(topics.map((topic) => [topic.topic, topic]));
      this.#saveAll('topic', named, isWhole(cluster.failures), atMs);
    }
    if (membership !== undefined) {
      const named = new Map(membership.value.map((group) => [group.groupId, group]));
      this.#saveAll('group', named, isWhole(membership.failures), atMs);
    }
    if (brokerConfigs !== undefined) this.#saveOne('broker-configs', theOne, brokerConfigs.value, atMs);
  }

  /** Forgets, some of it now and then, what only a moment before the cutoff could ask for. */
  expire(atMs: number, cutoffMs: number): void {
    if (Math.abs(atMs - this.#prunedAtMs) < pruneEveryMs) return;
    this.#prunedAtMs = atMs;
    this.#dropSuperseded.run(cutoffMs, cutoffMs, rowsPerStep);
  }

  #saveAll<K extends StateKind>(kind: K, values: ReadonlyMap<string, StateKinds[K]>, isWhole: boolean, atMs: number) {
    for (const [name, value] of values) this.#saveOne(kind, name, value, atMs);
    if (!isWhole || values.size === this.#hashes[kind].size) return;
    for (const name of [...this.#hashes[kind].keys()]) {
      if (values.has(name)) continue;
      this.#add.run(kind, name, atMs, null);
      this.#hashes[kind].delete(name);
    }
  }

  #saveOne<K extends StateKind>(kind: K, name: string, value: StateKinds[K], atMs: number): void {
    const body = JSON.stringify(value);
    const digest = hashOf(body);
    if (this.#hashes[kind].get(name) === digest) return;
    this.#add.run(kind, name, atMs, body);
    this.#hashes[kind].set(name, digest);
  }
}

interface StateRow {
  kind: StateKind;
  name: string;
  body: string;
}

interface ChangeRow {
  kind: StateKind;
  name: string;
  /** null: it went */
  body: string | null;
  atMs: number;
}

/** False in a file that an older version has written, and none has opened to write since. */
function areKept(database: Database): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'state_change'").get() !== undefined;
}

/** The last row of all that has not gone. */
function lastStates(database: Database, untilMs = Number.MAX_VALUE): StateRow[] {
  // With one max() SQLite takes the other columns from the row that has it.
  return database
    .prepare<[number], StateRow & { body: string | null }>(
      'SELECT kind, name, body, max(at_ms) FROM state_change WHERE at_ms <= ? GROUP BY kind, name',
    )
    .all(untilMs)
    .filter(({ body }) => body !== null);
}

/** Equal hashes are taken for equal texts: 160 bits, of texts that nobody makes up to collide with themselves. */
function hashOf(text: string): string {
  return hash('sha1', text, 'base64');
}

/** What was known of members, partitions and brokers at moments that rise. */
export class PastStates {
  readonly #kinds: { [K in StateKind]: Map<string, StateKinds[K]> } = {
    brokers: new Map(),
    topic: new Map(),
    group: new Map(),
    'broker-configs': new Map(),
  };
  #later: Iterator<ChangeRow> = [][Symbol.iterator]();
  #next: IteratorResult<ChangeRow> = { done: true, value: undefined };
  /** Lists that are the same object while nothing in them changed. */
  readonly #lists: { topic: readonly TopicState[] | null; group: readonly GroupMembership[] | null } = {
    topic: null,
    group: null,
  };
  #brokerConfigsChanged = true;

  constructor(database: Database, fromMs: number) {
    if (!areKept(database)) return;
    for (const row of lastStates(database, fromMs)) this.#apply(row);
    this.#later = database
      .prepare<[number], ChangeRow>(
        'SELECT kind, name, body, at_ms AS atMs FROM state_change WHERE at_ms > ? ORDER BY at_ms',
      )
      .iterate(fromMs);
    this.#next = this.#later.next();
  }

  /** Goes on to a moment that is not before the last one. */
  advance(atMs: number): void {
    for (; this.#next.done !== true && this.#next.value.atMs <= atMs; this.#next = this.#later.next()) {
      this.#apply(this.#next.value);
    }
  }

  topics(): readonly TopicState[] {
    this.#lists.topic ??= [...this.#kinds.topic.values()];
    return this.#lists.topic;
  }

  /** Undefined: nothing is known of them. */
  brokers(): StateKinds['brokers'] | undefined {
    return this.#kinds.brokers.get(theOne);
  }

  /** What it knows, as reads of a snapshot; a facet is left out where nothing is known of it or it was not read then. */
  reads(readAtMs: Partial<Record<'cluster' | 'group-membership', number>>, atMs: number): FacetReads {
    const { cluster: clusterAtMs, 'group-membership': membershipAtMs } = readAtMs;
    const brokers = this.brokers();
    const brokerConfigs = this.#kinds['broker-configs'].get(theOne);
    const tellsConfigs = brokerConfigs !== undefined && this.#brokerConfigsChanged;
    this.#brokerConfigsChanged = false;
    return {
      ...(clusterAtMs !== undefined &&
        brokers !== undefined && { cluster: read({ ...brokers, topics: this.topics() }, clusterAtMs) }),
      ...(membershipAtMs !== undefined &&
        this.#kinds.group.size > 0 && { 'group-membership': read(this.#groups(), membershipAtMs) }),
      ...(tellsConfigs && { 'broker-configs': read(brokerConfigs, atMs) }),
    };
  }

  #groups(): readonly GroupMembership[] {
    this.#lists.group ??= [...this.#kinds.group.values()];
    return this.#lists.group;
  }

  #apply({ kind, name, body }: Pick<ChangeRow, 'kind' | 'name' | 'body'>): void {
    if (kind === 'topic' || kind === 'group') this.#lists[kind] = null;
    if (kind === 'broker-configs') this.#brokerConfigsChanged = true;
    if (body === null) this.#kinds[kind].delete(name);
    // What was saved under a kind is what is read under it.
    else (this.#kinds[kind] as Map<string, unknown>).set(name, JSON.parse(body));
  }
}

function read<T>(value: T, observedAtMs: number) {
  return { value, observedAtMs, failures: [] };
}

/** Since when each kind is kept, ms since the epoch; without those of which there is nothing. */
export function statesKeptSince(database: Database): Partial<Record<StateKind, number>> {
  if (!areKept(database)) return {};
  const rows = database
    .prepare<[], { kind: StateKind; atMs: number }>('SELECT kind, min(at_ms) AS atMs FROM state_change GROUP BY kind')
    .all();
  return Object.fromEntries(rows.map(({ kind, atMs }) => [kind, atMs]));
}

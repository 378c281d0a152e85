import type { Database, Statement } from 'better-sqlite3';
import type { ClusterEvent, Transition } from '../model/finding.ts';

type Newest = (fromMs: number, toMs: number, atMost: number, topic?: string) => string[];

/** What happened: transitions of findings, and events. */
export class Journal {
  readonly #addTransition: Statement<[findingId: string, type: string, atMs: number, body: string]>;
  readonly #addEvent: Statement<[atMs: number, body: string]>;
  readonly #newestTransitions: Newest;
  readonly #newestEvents: Newest;
  readonly #eachTransition: Statement<[fromMs: number, toMs: number], string>;
  readonly #eachEvent: Statement<[fromMs: number, toMs: number], string>;

  constructor(database: Database) {
    // A transition is the same when it is told again: a redo after a failed commit must not double it.
    this.#addTransition = database.prepare(
      'INSERT INTO transition VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
    this.#addEvent = database.prepare('INSERT INTO event (at_ms, body) VALUES (?, ?)');
    this.#newestTransitions = prepareNewest(database, 'transition', '$.topic');
    this.#newestEvents = prepareNewest(database, 'event', '$.subject.topic');
    const each = (table: string) =>
      database
        .prepare<[number, number], string>(
          `SELECT body FROM ${table} WHERE at_ms BETWEEN ? AND ? ORDER BY at_ms, rowid`,
        )
        .pluck();
    this.#eachTransition = each('transition');
    this.#eachEvent = each('event');
  }

  add(transitions: readonly Transition[], events: readonly ClusterEvent[]): void {
    for (const one of transitions) this.#addTransition.run(one.id, one.type, one.atMs, JSON.stringify(one));
    for (const one of events) this.#addEvent.run(one.atMs, JSON.stringify(one));
  }

  /** Newest first; with `topic`, those about it or its partitions. */
  transitions(fromMs: number, toMs: number, atMost: number, topic?: string): Transition[] {
    return this.#newestTransitions(fromMs, toMs, atMost, topic).map((body) => JSON.parse(body) as Transition);
  }

  /** Oldest first, one at a time. */
  *eachTransition(fromMs: number, toMs: number): Generator<Transition> {
    for (const body of this.#eachTransition.iterate(fromMs, toMs)) yield JSON.parse(body) as Transition;
  }

  /** Oldest first, one at a time. */
  *eachEvent(fromMs: number, toMs: number): Generator<ClusterEvent> {
    for (const body of this.#eachEvent.iterate(fromMs, toMs)) yield JSON.parse(body) as ClusterEvent;
  }

  /** Newest first; with `topic`, those about it or its partitions. */
  events(fromMs: number, toMs: number, atMost: number, topic?: string): ClusterEvent[] {
    return this.#newestEvents(fromMs, toMs, atMost, topic).map((body) => JSON.parse(body) as ClusterEvent);
  }
}

/** @param topicPath where a row's JSON names its topic */
function prepareNewest(database: Database, table: string, topicPath: string): Newest {
  const all = database
    .prepare<[fromMs: number, toMs: number, atMost: number], string>(
      `SELECT body FROM ${table} WHERE at_ms BETWEEN ? AND ? ORDER BY at_ms DESC, rowid DESC LIMIT ?`,
    )
    .pluck();
  // To find a text costs a tenth of parsing: a month of rebalances is passed over without being read as JSON.
  const ofTopic = database
    .prepare<[fromMs: number, toMs: number, quoted: string, topic: string, atMost: number], string>(
      `SELECT body FROM ${table} WHERE at_ms BETWEEN ? AND ? AND instr(body, ?) > 0
        AND json_extract(body, '${topicPath}') = ? ORDER BY at_ms DESC, rowid DESC LIMIT ?`,
    )
    .pluck();
  return (fromMs, toMs, atMost, topic) =>
    topic === undefined
      ? all.all(fromMs, toMs, atMost)
      : ofTopic.all(fromMs, toMs, JSON.stringify(topic), topic, atMost);
}

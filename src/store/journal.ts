import type { Database, Statement } from 'better-sqlite3';
import type { ClusterEvent, Transition } from '../model/finding.ts';

type Span = [fromMs: number, toMs: number, atMost: number];
type SpanAndTopic = [fromMs: number, toMs: number, quoted: string, topic: string, atMost: number];

/** What happened: transitions of findings, and events. */
export class Journal {
  readonly #addTransition: Statement<[findingId: string, type: string, atMs: number, body: string]>;
  readonly #addEvent: Statement<[atMs: number, body: string]>;
  readonly #transitions: Statement<Span, string>;
  readonly #events: Statement<Span, string>;
  readonly #transitionsOfTopic: Statement<SpanAndTopic, string>;
  readonly #eventsOfTopic: Statement<SpanAndTopic, string>;
  readonly #eachTransition: Statement<[fromMs: number, toMs: number], string>;
  readonly #eachEvent: Statement<[fromMs: number, toMs: number], string>;

  constructor(database: Database) {
    // A transition is the same when it is told again: a redo after a failed commit must not double it.
    this.#addTransition = database.prepare(
      'INSERT INTO transition VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
    this.#addEvent = database.prepare('INSERT INTO event (at_ms, body) VALUES (?, ?)');
    const select = (table: string) =>
      database
        .prepare<Span, string>(
          `SELECT body FROM ${table} WHERE at_ms BETWEEN ? AND ? ORDER BY at_ms DESC, rowid DESC LIMIT ?`,
        )
        .pluck();
    this.#transitions = select('transition');
    this.#events = select('event');
    // To find a text costs a tenth of parsing: a month of rebalances is passed over without being read as JSON.
    const ofTopic = (table: string, path: string) =>
      database
        .prepare<SpanAndTopic, string>(
          `SELECT body FROM ${table} WHERE at_ms BETWEEN ? AND ? AND instr(body, ?) > 0
            AND json_extract(body, '${path}') = ? ORDER BY at_ms DESC, rowid DESC LIMIT ?`,
        )
        .pluck();
    this.#transitionsOfTopic = ofTopic('transition', '$.topic');
    this.#eventsOfTopic = ofTopic('event', '$.subject.topic');
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
    const found =
      topic === undefined
        ? this.#transitions.all(fromMs, toMs, atMost)
        : this.#transitionsOfTopic.all(fromMs, toMs, JSON.stringify(topic), topic, atMost);
    return found.map((body) => JSON.parse(body) as Transition);
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
    const found =
      topic === undefined
        ? this.#events.all(fromMs, toMs, atMost)
        : this.#eventsOfTopic.all(fromMs, toMs, JSON.stringify(topic), topic, atMost);
    return found.map((body) => JSON.parse(body) as ClusterEvent);
  }
}

import type { Database } from 'better-sqlite3';
import type { ClusterEvent, Transition } from '../model/finding.ts';
import { saveClusterHeader, saveDiscovery, saveMemory } from './carried-state.ts';
import { Journal } from './journal.ts';
import { Pruner } from './pruner.ts';
import { Residents } from './residents.ts';
import { SampleWriter } from './sample-writer.ts';
import { StateChanges } from './state-changes.ts';
import { StateParts } from './state-parts.ts';
import type { Cycle, StoreSettings } from './store.ts';
import { TopicConfigs } from './topic-configs.ts';

/** What was found but could not be stored with its own cycle. */
export interface Backlog {
  transitions: Transition[];
  events: ClusterEvent[];
}

/**
 * Writes the cycles of one cluster to its file. It remembers what is on disk, to write only what changed: after a cycle that failed
 * it is wrong about that, and must be thrown away.
 */
export class ClusterWriter {
  readonly #database: Database;
  readonly #residents: Residents;
  readonly #samples: SampleWriter;
  readonly #configs: TopicConfigs;
  readonly #states: StateChanges;
  readonly #journal: Journal;
  readonly #parts: StateParts;
  readonly #pruner: Pruner;

  constructor(database: Database) {
    this.#database = database;
    this.#residents = new Residents(database);
    this.#samples = new SampleWriter(database, this.#residents);
    this.#configs = new TopicConfigs(database, this.#residents);
    this.#states = new StateChanges(database);
    this.#journal = new Journal(database);
    this.#parts = new StateParts(database);
    this.#pruner = new Pruner(database);
  }

  /** One transaction. Returns how many ticks went because there was no room for them. */
  write(cycle: Cycle, backlog: Backlog, settings: StoreSettings): number {
    const dropped = this.#database.transaction(() => {
      this.#save(cycle, backlog);
      const { atMs } = cycle.advance.report;
      this.#pruner.expire(atMs, settings);
      const dropped = this.#pruner.makeRoom(settings.maxBytes);
      // Where room is short, a group that never settles must not cost the others their samples.
      this.#states.expire(atMs, atMs - (dropped > 0 ? settings.raw : settings.minute));
      return dropped;
    })();
    this.#pruner.shrink(settings.maxBytes);
    return dropped;
  }

  #save({ snapshot, advance, memory, discovery }: Cycle, backlog: Backlog): void {
    const { report, transitions, events } = advance;
    this.#residents.sync(report);
    this.#samples.write(snapshot, report);
    this.#configs.save(report);
    this.#states.save(snapshot, report.atMs);
    this.#journal.add(backlog.transitions, backlog.events);
    this.#journal.add(transitions, events);
    saveMemory(this.#parts, memory);
    saveDiscovery(this.#parts, discovery);
    const cluster = snapshot.reads.cluster?.value;
    if (cluster !== undefined) saveClusterHeader(this.#parts, cluster);
  }
}

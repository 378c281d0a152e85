import type { Report } from '../model/report.ts';
import { ReportView } from '../model/report-view.ts';

/** How the store of a cluster fared when the cycle was committed. */
export interface StoreStanding {
  sizeBytes: number;
  /** One sentence where the last commit failed: judging and publishing went on without it. */
  error: string | null;
}

/** What a monitor says of its cluster when it begins. */
export interface ClusterIdentity {
  /** As the user calls it; until Kafka's cluster ID is known, the bootstrap servers stand in where the user gave no name. */
  name: string;
  /** `host:port,...`, never a credential. */
  bootstrap: string;
  intervalMs: number;
}

/** What a slot needs of the board that it stands on. */
interface BoardOfSlot {
  changed(): void;
  holderOf(name: string): ClusterSlot | undefined;
}

/**
 * The place of one cluster on the board. Its monitor writes it, routes read it; a route never asks Kafka.
 * What a cycle says: `begin`, then `publish` or `fail`.
 */
export class ClusterSlot {
  readonly bootstrap: string;
  readonly intervalMs: number;
  #name: string;
  #view: ReportView | null = null;
  #problem: string | null = null;
  #store: StoreStanding | null = null;
  #begunAtMs: number | null = null;
  #cyclesEnded = 0;
  #takenName: string | null = null;
  readonly #board: BoardOfSlot;

  constructor(identity: ClusterIdentity, board: BoardOfSlot) {
    this.#name = identity.name;
    this.bootstrap = identity.bootstrap;
    this.intervalMs = identity.intervalMs;
    this.#board = board;
  }

  /** The last report's name of the cluster, or what it was registered by. */
  get name(): string {
    return this.#name;
  }

  /** The last published report; null before the first. */
  get view(): ReportView | null {
    return this.#view;
  }

  /** A sentence while the cluster cannot be read; null while it can. */
  get problem(): string | null {
    return this.#problem;
  }

  get store(): StoreStanding | null {
    return this.#store;
  }

  /** Monotonic time at which the last cycle began; null before the first. A stuck cycle shows by this not moving. */
  get begunAtMs(): number | null {
    return this.#begunAtMs;
  }

  /** Cycles that ended, well or badly. */
  get cyclesEnded(): number {
    return this.#cyclesEnded;
  }

  /**
   * Takes the name under which the cluster is stored and published, once it is known for sure. The bootstrap servers of the slot
   * that has it already, which would then write the same history; null: nobody had it.
   */
  take(name: string): string | null {
    const holder = this.#board.holderOf(name);
    if (holder !== undefined && holder !== this) return holder.bootstrap;
    this.#takenName = name;
    return null;
  }

  /** Whether this slot has taken the name. */
  holds(name: string): boolean {
    return this.#takenName === name;
  }

  /** A cycle begins, at this monotonic time. */
  begin(monotonicMs: number): void {
    this.#begunAtMs = monotonicMs;
  }

  /**
   * A cycle ended with a report. It must stay as it is until the next one is published. `problem`: a sentence where the report is
   * not of this cycle's data, because the cluster did not answer.
   */
  publish(report: Report, standing: { store: StoreStanding | null; problem?: string | null }): void {
    this.#name = report.cluster;
    this.#view = new ReportView(report);
    this.#store = standing.store;
    this.#end(standing.problem ?? null);
  }

  /** A cycle ended without a report: the last one stays, with its age. */
  fail(problem: string): void {
    this.#end(problem);
  }

  #end(problem: string | null): void {
    this.#problem = problem;
    this.#cyclesEnded++;
    this.#board.changed();
  }
}

/** The last word on each cluster, in memory: all that the routes serve comes from here, or from the store. */
export class ReportBoard {
  readonly #slots = new Set<ClusterSlot>();
  #version = 0;

  /** Clusters in the order in which they were added. */
  get slots(): readonly ClusterSlot[] {
    return [...this.#slots];
  }

  /** Rises with every change: answers of the API carry it in their ETag. */
  get version(): number {
    return this.#version;
  }

  add(identity: ClusterIdentity): ClusterSlot {
    const slot = new ClusterSlot(identity, {
      changed: () => {
        this.#version++;
      },
      holderOf: (name) => this.slots.find((one) => one.holds(name)),
    });
    this.#slots.add(slot);
    this.#version++;
    return slot;
  }

  /** The cluster is watched no more (its configuration went). */
  remove(slot: ClusterSlot): void {
    if (this.#slots.delete(slot)) this.#version++;
  }

  find(name: string): ClusterSlot | undefined {
    return this.slots.find((slot) => slot.name === name);
  }
}

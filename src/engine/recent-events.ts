import type { ClusterEvent } from '../model/finding.ts';

/** Longer than any rule looks back. */
const keptMs = 600_000;
/** A broker that dies tells of it in a few events; a cluster whose every group rebalances must not be remembered whole. */
const keptAtMost = 500;

/** What changed of late, oldest first: for rules that name what happened when something else began. */
export class RecentEvents {
  #events: readonly ClusterEvent[] = [];

  add(events: readonly ClusterEvent[], atMs: number): readonly ClusterEvent[] {
    const kept = this.#events.filter((event) => atMs - event.atMs <= keptMs);
    this.#events = [...kept, ...events].slice(-keptAtMost);
    return this.#events;
  }
}

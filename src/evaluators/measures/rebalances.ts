import { memberIdentity } from '../../history/row-keeping.ts';
import type { GroupMember, GroupMembership } from '../../model/snapshot.ts';
import type { MeasureSettings } from './settings.ts';

/** What two reads of one group's membership show. */
export interface MembershipStep {
  now: GroupMembership;
  before: { state: string | null; memberList: readonly GroupMember[] | null; epoch: number | null };
  atMs: number;
  /** Engine time of the read before; NaN: this is the first. */
  beforeMs: number;
}

/** States of a classic group in which nobody consumes. A KIP-848 group consumes while it assigns and reconciles. */
const pausedStates: ReadonlySet<string> = new Set(['PreparingRebalance', 'CompletingRebalance']);

/** A deployment replaces each member about once: this much more, and one, is still about. */
const aboutOnce = 1.2;

/**
 * A run of rebalances with short pauses. It looks like a deployment while members that were there at its start leave and about as
 * many new ones join; where new members leave again, it does not.
 */
class Episode {
  readonly #membersAtStart: ReadonlySet<string>;
  readonly #joined = new Set<string>();
  #leftAgain = 0;
  lastMs: number;

  constructor(atMs: number, members: ReadonlySet<string>) {
    this.lastMs = atMs;
    this.#membersAtStart = members;
  }

  add(atMs: number, joined: readonly string[], left: readonly string[]): void {
    this.lastMs = atMs;
    for (const identity of left) if (this.#joined.has(identity)) this.#leftAgain++;
    for (const identity of joined) this.#joined.add(identity);
  }

  get isDeployment(): boolean {
    const replaced = Math.max(this.#membersAtStart.size, 1);
    return this.#joined.size <= replaced * aboutOnce + 1 && this.#leftAgain <= replaced * (aboutOnce - 1);
  }
}

interface Entry {
  atMs: number;
  count: number;
  seconds: number;
  episode: Episode;
}

export interface RebalanceCounts {
  rebalances: number;
  seconds: number;
  explainedRebalances: number;
  explainedSeconds: number;
}

/** How a count was made: by group epoch (KIP-848), by the members' generation (exact), by what was seen to change (lower bound). */
export type CountedBy = 'epoch' | 'generation' | 'observed';

export interface StepResult {
  count: number;
  seconds: number;
  by: CountedBy;
}

/** The rebalances of one group. */
export class Rebalances {
  #entries: Entry[] = [];
  #episode: Episode | null = null;
  #generation = Number.NaN;
  /** Rebalances counted by what was seen since the generation was last known. */
  #countedAhead = 0;
  /** Who had what when the group was last seen Stable. */
  #settledAs: string | null = null;
  /** The rebalance that is running was counted when it was first seen. */
  #isCounted = false;

  step(step: MembershipStep, settings: MeasureSettings, intervalMs: number): StepResult {
    const { count, by } = this.#count(step);
    const seconds = pausedSeconds(step, intervalMs);
    if (count > 0 || seconds > 0) this.#note(step, count, seconds, settings);
    this.#entries = this.#entries.filter(({ atMs }) => atMs > step.atMs - settings.rebalanceWindow);
    return { count, seconds, by };
  }

  /** What the trailing window holds. */
  counts(): RebalanceCounts {
    const total = { rebalances: 0, seconds: 0, explainedRebalances: 0, explainedSeconds: 0 };
    for (const { count, seconds, episode } of this.#entries) {
      total.rebalances += count;
      total.seconds += seconds;
      if (!episode.isDeployment) continue;
      total.explainedRebalances += count;
      total.explainedSeconds += seconds;
    }
    return total;
  }

  #count(step: MembershipStep): { count: number; by: CountedBy } {
    const { now, before } = step;
    const isFirst = Number.isNaN(step.beforeMs);
    const observed = this.#observe(now);
    if (now.epoch !== null) {
      const count = before.epoch === null || isFirst ? 0 : Math.max(0, now.epoch - before.epoch);
      return { count, by: 'epoch' };
    }
    return isFirst ? { count: 0, by: this.#byGeneration(now, 0).by } : this.#byGeneration(now, observed);
  }

  /** While a group rebalances its members tell nothing: what is seen then is counted at once, and not again by the generation. */
  #byGeneration({ members }: GroupMembership, observed: number): { count: number; by: CountedBy } {
    const generation = generationOf(members ?? []);
    const known = this.#generation;
    const isExact = generation >= known;
    if (!Number.isNaN(generation)) this.#generation = generation;
    const by = Number.isNaN(this.#generation) ? 'observed' : 'generation';
    if (!isExact) {
      this.#countedAhead += observed;
      return { count: observed, by };
    }
    const count = Math.max(0, generation - known - this.#countedAhead);
    this.#countedAhead = 0;
    return { count, by };
  }

  /** 1 where a rebalance is seen that was not counted yet. */
  #observe({ state, members }: GroupMembership): number {
    if (state === 'Stable' && members !== null) {
      const settledAs = assignmentText(members);
      const isNew = this.#settledAs !== null && settledAs !== this.#settledAs && !this.#isCounted;
      this.#settledAs = settledAs;
      this.#isCounted = false;
      return isNew ? 1 : 0;
    }
    if (!pausedStates.has(state) || this.#isCounted) return 0;
    this.#isCounted = true;
    return 1;
  }

  #note({ now, before, atMs }: MembershipStep, count: number, seconds: number, settings: MeasureSettings): void {
    const was = new Set((before.memberList ?? []).map(memberIdentity));
    if (this.#episode === null || atMs - this.#episode.lastMs > settings.deploymentPauseMax) {
      this.#episode = new Episode(atMs, was);
    }
    const is = new Set((now.members ?? []).map(memberIdentity));
    const areKnown = before.memberList !== null && now.members !== null;
    this.#episode.add(atMs, areKnown ? [...is.difference(was)] : [], areKnown ? [...was.difference(is)] : []);
    this.#entries.push({ atMs, count, seconds, episode: this.#episode });
  }
}

/**
 * The members' subscriptions carry the generation before the present one (version 2 and later, KIP-429). librdkafka's range and
 * roundrobin write -1. NaN where none carries any.
 */
function generationOf(members: readonly GroupMember[]): number {
  let newest = Number.NaN;
  for (const { generationId } of members) {
    if (generationId !== null && generationId >= 0 && !(generationId <= newest)) newest = generationId;
  }
  return newest;
}

/** Who has what. A static member's restart changes its memberId, and is no rebalance (KIP-345). */
function assignmentText(members: readonly GroupMember[]): string {
  const lines = members.map((member) => {
    const parts = (member.assignment ?? []).map(
      ({ topic, partitions }) => `${topic}:${partitions.toSorted((a, b) => a - b)}`,
    );
    return `${memberIdentity(member)}=${parts.toSorted().join(' ')}`;
  });
  return lines.toSorted().join('\n');
}

/** Time since the read before in a state that does not consume: half of it where only one of the two reads shows such a state. */
function pausedSeconds({ now, before, atMs, beforeMs }: MembershipStep, intervalMs: number): number {
  const ends = Number(pausedStates.has(now.state)) + Number(before.state !== null && pausedStates.has(before.state));
  if (ends === 0 || Number.isNaN(beforeMs)) return 0;
  const elapsedMs = atMs - beforeMs;
  return elapsedMs > 3 * intervalMs ? 0 : (elapsedMs * ends) / 2000;
}

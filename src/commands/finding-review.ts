import { subjectKey, subjectOf } from '../engine/finding-id.ts';
import type { ClearReason, ClusterEvent, Finding, FindingSubject, Severity, Transition } from '../model/finding.ts';
import { severityRank } from '../model/finding.ts';

/** A finding that is raised again so soon after it was cleared has flapped: it was one trouble, told twice. */
export const flapWithinMs = 3_600_000;

/** How the findings of one code fared. */
export interface CodeReview {
  code: string;
  /** The worst that any of them had. */
  severity: Severity;
  raised: number;
  /** Of those that were raised in the span and have been cleared; null: none has. */
  medianLengthMs: number | null;
  /** Raised again on the same subject within an hour of being cleared. */
  flaps: number;
  /**
   * Cleared as recovered, while nothing was seen to happen that somebody may have done about it: no change of the group's members,
   * no jump of its committed offsets, no change of the topic's settings or partitions, no broker coming or going.
   */
  withoutAction: number;
  /** Those that were raised in the span and are cleared, by reason. */
  cleared: Partial<Record<ClearReason, number>>;
  /** Open now, since whenever. */
  open: number;
}

/** Findings that say that committed offsets were moved by hand, or by a restart. */
const jumps: ReadonlySet<string> = new Set(['skipped', 'rewound']);
const actions: ReadonlySet<ClusterEvent['kind']> = new Set(['member', 'config', 'topic', 'group', 'broker']);

interface Tally extends Omit<CodeReview, 'medianLengthMs'> {
  lengthsMs: number[];
}

/**
 * Reviews the findings that were raised from a moment on. Transitions and events come oldest first, and reach back an hour
 * farther, so that a flap at the beginning is seen; both are gone through once.
 */
export class FindingReview {
  readonly #fromMs: number;
  readonly #codes = new Map<string, Tally>();
  /** IDs of findings that were raised in the span. */
  readonly #raised = new Set<string>();
  /** By code and subject: when it was last cleared. */
  readonly #clearedAtMs = new Map<string, number>();
  readonly #seen = new SeenActions();

  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  /** Goes through all that happened. */
  addAll(transitions: Iterable<Transition>, events: Iterable<ClusterEvent>): void {
    const all = events[Symbol.iterator]();
    let next = all.next();
    for (const transition of transitions) {
      for (; next.done !== true && next.value.atMs <= transition.atMs; next = all.next()) {
        if (actions.has(next.value.kind)) this.#seen.add(next.value.subject, next.value.atMs);
      }
      this.#add(transition);
    }
  }

  /** Takes the findings that are open now. */
  addOpen(findings: readonly Finding[]): void {
    for (const finding of findings) this.#tally(finding).open++;
  }

  /** By severity, then by how many were raised. */
  codes(): CodeReview[] {
    return [...this.#codes.values()]
      .filter(({ raised, open }) => raised > 0 || open > 0)
      .map(({ lengthsMs, ...review }) => ({ ...review, medianLengthMs: median(lengthsMs) }))
      .sort(
        (a, b) =>
          severityRank(b.severity) - severityRank(a.severity) || b.raised - a.raised || (a.code < b.code ? -1 : 1),
      );
  }

  #add(transition: Transition): void {
    if (jumps.has(transition.code) && transition.type === 'raised') this.#seen.add(transition, transition.atMs);
    if (transition.type === 'cleared') this.#addCleared(transition);
    else if (transition.type === 'raised' && transition.atMs >= this.#fromMs) this.#addRaised(transition);
    else if (this.#raised.has(transition.id)) this.#tally(transition);
  }

  #addRaised(finding: Finding & { atMs: number }): void {
    const tally = this.#tally(finding);
    // The same finding again is a redo after a crash.
    if (this.#raised.has(finding.id)) return;
    this.#raised.add(finding.id);
    tally.raised++;
    const clearedAtMs = this.#clearedAtMs.get(keyOf(finding));
    if (clearedAtMs !== undefined && finding.atMs - clearedAtMs <= flapWithinMs) tally.flaps++;
  }

  #addCleared(cleared: Extract<Transition, { type: 'cleared' }>): void {
    this.#clearedAtMs.set(keyOf(cleared), cleared.atMs);
    if (!this.#raised.has(cleared.id)) return;
    const tally = this.#tally(cleared);
    tally.lengthsMs.push(cleared.lastedMs);
    tally.cleared[cleared.reason] = (tally.cleared[cleared.reason] ?? 0) + 1;
    if (cleared.reason === 'recovered' && !this.#seen.since(cleared, cleared.sinceMs)) tally.withoutAction++;
  }

  #tally({ code, severity }: { code: string; severity: Severity }): Tally {
    const none = { code, severity, raised: 0, flaps: 0, withoutAction: 0, cleared: {}, open: 0, lengthsMs: [] };
    const tally = this.#codes.get(code) ?? none;
    if (severityRank(severity) > severityRank(tally.severity)) tally.severity = severity;
    this.#codes.set(code, tally);
    return tally;
  }
}

/** When something was last seen to happen, by group, topic and brokers. */
class SeenActions {
  readonly #groups = new Map<string, number>();
  readonly #topics = new Map<string, number>();
  #brokersAtMs = Number.NEGATIVE_INFINITY;

  add({ groupId, topic, brokerId }: FindingSubject, atMs: number): void {
    if (groupId !== undefined) this.#groups.set(groupId, atMs);
    else if (topic !== undefined) this.#topics.set(topic, atMs);
    else if (brokerId !== undefined) this.#brokersAtMs = atMs;
  }

  /** Whether something was, from that moment on, that may concern the subject. */
  since({ groupId, topic }: FindingSubject, fromMs: number): boolean {
    const moments = [
      groupId === undefined ? undefined : this.#groups.get(groupId),
      topic === undefined ? undefined : this.#topics.get(topic),
      this.#brokersAtMs,
    ];
    return moments.some((atMs) => atMs !== undefined && atMs >= fromMs);
  }
}

function keyOf(one: FindingSubject & { code: string }): string {
  return `${one.code}\0${subjectKey(subjectOf(one))}`;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

import type { ClusterHistory } from '../../history/cluster-history.ts';
import type { RowKeeping } from '../../history/row-keeping.ts';
import type { ClusterEvent, FindingSubject } from '../../model/finding.ts';
import type { Facet, Read, Snapshot } from '../../model/snapshot.ts';
import type { Gone } from '../judge.ts';
import type { Moment } from '../time-base.ts';
import { Coverage } from './coverage.ts';
import type { VanishedCommit } from './vanished.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** One snapshot on its way into the history, and what it shows to have changed. */
export class Intake {
  readonly history: ClusterHistory;
  readonly keeping: RowKeeping;
  readonly snapshot: Snapshot;
  readonly moment: Moment;
  readonly intervalMs: number;
  readonly events: ClusterEvent[] = [];
  readonly gone: Mutable<Gone> = { groups: [], topics: [], series: [], offsets: [] };
  /** Commits that a complete answer does not hold any more. */
  readonly vanished: VanishedCommit[] = [];

  constructor(history: ClusterHistory, keeping: RowKeeping, snapshot: Snapshot, moment: Moment, intervalMs: number) {
    this.history = history;
    this.keeping = keeping;
    this.snapshot = snapshot;
    this.moment = moment;
    this.intervalMs = intervalMs;
  }

  /** Nothing absent is gone where tidemark may not see everything. */
  get seesAll(): boolean {
    return this.snapshot.completeness === 'full';
  }

  coverage(facet: Facet): Coverage {
    return new Coverage(this.snapshot, facet);
  }

  /** Engine time at which a broker answered; where it is not told, that of the whole read. */
  readAt(read: Read<unknown>, brokerId: number | null): number {
    const wallMs = (brokerId !== null ? read.brokers?.[brokerId] : undefined) ?? read.observedAtMs;
    return wallMs - this.moment.wallOffsetMs;
  }

  tell(kind: ClusterEvent['kind'], what: string, subject: FindingSubject, summary: string): void {
    this.events.push({ atMs: this.snapshot.atMs, kind, what, subject, summary });
  }
}

import { labels } from './labels/index.ts';
import type { Label, Moment, SeriesMoment, Subject } from './labels/label.ts';
import { hourMs } from './plan.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { Reader, SimulatedGroup } from './simulated-group.ts';
import { ExactState } from './truth.ts';

/** From the first poll at which the exact state meets the rule to the last. Polls are counted from 0. */
export interface Episode {
  code: string;
  subject: Subject;
  firstPoll: number;
  lastPoll: number;
  /** The poll from which its critical part was met; null: never. */
  criticalFromPoll: number | null;
}

/** Polls that do not meet the rule between two that do, of one episode. */
const gapPolls = 3;

interface Judge {
  label: Label;
  look: ReturnType<Label['begin']>;
  open: Map<string, Episode>;
}

/** Lets every label look at the exact state at each poll, and keeps when each rule was met. */
export class TruthBook {
  readonly episodes: Episode[] = [];
  readonly #known: Pick<Moment, 'intervalMs' | 'allowedStopMs' | 'policyOf'>;
  readonly #judges: readonly Judge[] = labels.map((label) => ({ label, look: label.begin(), open: new Map() }));
  readonly #standing = new Map<Reader, { movedAtMs: number; polls: number }>();
  #series = new Map<SimulatedGroup, readonly SeriesMoment[]>();
  #poll = -1;

  constructor(known: Pick<Moment, 'intervalMs' | 'allowedStopMs' | 'policyOf'>) {
    this.#known = known;
  }

  /** The exact state of each series of a group at the last poll. */
  seriesOf(group: SimulatedGroup): readonly SeriesMoment[] {
    return this.#series.get(group) ?? [];
  }

  /** Is called once a poll, when the cluster is as the poll will find it. */
  observe(cluster: SimulatedCluster): void {
    this.#poll++;
    this.#series = new Map(cluster.groups.map((group) => [group, this.#momentsOf(cluster, group)]));
    const moment = {
      ...{ cluster, poll: this.#poll, nowMs: cluster.nowMs, ...this.#known },
      seriesOf: (group: SimulatedGroup) => this.seriesOf(group),
    };
    for (const judge of this.#judges) {
      judge.look(moment, (subject, isCritical = false) => this.#note(judge, subject, isCritical));
    }
  }

  #momentsOf(cluster: SimulatedCluster, group: SimulatedGroup): SeriesMoment[] {
    return group.readers.map((reader) => {
      const before = this.#standing.get(reader);
      const polls = before !== undefined && Object.is(before.movedAtMs, reader.movedAtMs) ? before.polls + 1 : 0;
      this.#standing.set(reader, { movedAtMs: reader.movedAtMs, polls });
      return { group, reader, exact: new ExactState(cluster, group, reader), pollsStanding: polls };
    });
  }

  #note({ label, open }: Judge, subject: Subject, isCritical: boolean): void {
    const key = JSON.stringify(subject);
    const gap = label.isEvent ? hourMs / this.#known.intervalMs : gapPolls;
    let episode = open.get(key);
    if (episode === undefined || this.#poll - episode.lastPoll > gap) {
      episode = { code: label.code, subject, firstPoll: this.#poll, lastPoll: this.#poll, criticalFromPoll: null };
      open.set(key, episode);
      this.episodes.push(episode);
    }
    episode.lastPoll = this.#poll;
    if (isCritical) episode.criticalFromPoll ??= this.#poll;
  }
}

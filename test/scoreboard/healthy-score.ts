import type { CaseKind } from './case.ts';
import { type Example, keepExample } from './code-score.ts';
import { isFounded } from './matching.ts';
import { dayMs } from './plan.ts';
import { ratePerUnit } from './statistics.ts';
import type { Alarm, WatchResult } from './watch.ts';

const daysOfMonth = 30;

interface Healthy {
  groupDays: number;
  alarms: number;
  burrow: number;
  lagThreshold: number;
}

const nothing: Healthy = { groupDays: 0, alarms: 0, burrow: 0, lagThreshold: 0 };

/** False alarms: in clusters that are quiet, and of groups that are well beside one that is not. */
export class HealthyScore {
  /** Days of quiet clusters. */
  #clusterDays = 0;
  #criticals = 0;
  readonly #quiet: Healthy = { ...nothing };
  readonly #beside: Healthy = { ...nothing };
  readonly #byKind = new Map<string, Healthy>();
  /** Warnings or worse, by code, of both. */
  readonly #byCode = new Map<string, number>();
  /** Infos are no false alarms: how many there are is told all the same. */
  readonly #infosByCode = new Map<string, number>();
  readonly #examples: Example[] = [];

  /** Of quiet clusters. */
  get quietGroupDays(): number {
    return this.#quiet.groupDays;
  }

  addQuiet(kind: CaseKind, seed: number, result: WatchResult): void {
    const ofKind = this.#byKind.get(kind.name) ?? { ...nothing };
    this.#byKind.set(kind.name, ofKind);
    const days = result.watchedMs / dayMs;
    this.#clusterDays += days;
    for (const sum of [this.#quiet, ofKind]) {
      for (const groupId of [result.groupId, ...result.neighbours]) addGroup(sum, groupId, days, result);
      sum.alarms += result.alarms.filter(isLoud).length;
    }
    for (const alarm of result.alarms) {
      if (alarm.worst === 'critical' && isLoud(alarm)) this.#criticals++;
      this.#addAlarm(kind, seed, alarm);
    }
  }

  /** A cluster in which something is wrong: its groups of which nothing is. */
  addBeside(kind: CaseKind, seed: number, result: WatchResult): void {
    for (const groupId of result.neighbours) {
      if (result.episodes.some(({ subject }) => subject.groupId === groupId)) continue;
      addGroup(this.#beside, groupId, result.watchedMs / dayMs, result);
      for (const alarm of result.alarms) {
        if (alarm.subject.groupId !== groupId || isFounded(result.episodes, alarm)) continue;
        if (isLoud(alarm)) this.#beside.alarms++;
        this.#addAlarm(kind, seed, alarm);
      }
    }
  }

  result() {
    const groupDays = this.#quiet.groupDays + this.#beside.groupDays;
    const rate = (of: (healthy: Healthy) => number) => ratePerUnit(of(this.#quiet) + of(this.#beside), groupDays);
    const byCode = [...this.#byCode].sort(([, a], [, b]) => b - a);
    return {
      ...{ groupDays, quietGroupDays: this.#quiet.groupDays, clusterDays: this.#clusterDays },
      alarmsPerGroupDay: rate(({ alarms }) => alarms),
      quietAlarmsPerGroupDay: ratePerUnit(this.#quiet.alarms, this.#quiet.groupDays),
      burrowPerGroupDay: rate(({ burrow }) => burrow),
      lagThresholdPerGroupDay: rate(({ lagThreshold }) => lagThreshold),
      criticalsPerClusterMonth: ratePerUnit(this.#criticals, this.#clusterDays / daysOfMonth),
      byCode: Object.fromEntries(byCode.map(([code, count]) => [code, ratePerUnit(count, groupDays)])),
      infosByCode: Object.fromEntries(this.#infosByCode),
      byKind: Object.fromEntries(this.#byKind),
      examples: this.#examples,
    };
  }

  #addAlarm(kind: CaseKind, seed: number, alarm: Alarm): void {
    const { code, worst, summary } = alarm;
    if (alarm.explained) return;
    const counts = isLoud(alarm) ? this.#byCode : this.#infosByCode;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (isLoud(alarm)) keepExample(this.#examples, { kind: kind.name, seed, what: `${worst} ${code}: ${summary}` });
  }
}

/** A warning or worse that nothing else explained. */
function isLoud({ explained, worst }: Alarm): boolean {
  return !explained && worst !== 'info';
}

function addGroup(sum: Healthy, groupId: string, days: number, { burrow, lagThreshold }: WatchResult): void {
  sum.groupDays += days;
  sum.burrow += burrow[groupId]?.length ?? 0;
  sum.lagThreshold += lagThreshold[groupId]?.length ?? 0;
}

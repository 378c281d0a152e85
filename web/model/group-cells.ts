/** A group as a row of the list: each cell in words, with its method on hover. */
import type { GroupSummary } from './answers.ts';
import { severityRank } from './codes.ts';
import { isActionable } from './glance.ts';
import { behindFigure, drainFigure, type Figure, lossFigure, outlookFigure, type Tone } from './outlook.ts';
import { whyUnknown } from './unknown.ts';
import { durationWords, grouped, plural } from './words.ts';

/** The owner's promise, and how much of it is used. */
export interface SloCell {
  text: string;
  /** 0..1; null where the time lag is unknown. */
  usedRatio: number | null;
  over: boolean;
  title: string;
}

export interface GroupCells {
  /** Of the mark beside the name. */
  tone: Tone;
  outlook: Figure;
  behind: Figure;
  /** Null: the owner promises nothing. */
  slo: SloCell | null;
  drain: Figure;
  loss: Figure;
  rebalances: Figure;
  members: Figure;
}

export function groupCells(group: GroupSummary): GroupCells {
  return {
    tone: groupTone(group),
    outlook: outlookFigure(group),
    behind: behindFigure({
      seconds: group.maxTimeLagSeconds,
      sloSeconds: group.sloLagSeconds,
      why: whyUnknown(group, 'maxTimeLagSeconds'),
    }),
    slo: sloCell(group),
    drain: drainFigure(group),
    loss: lossFigure(group),
    rebalances: rebalanceFigure(group),
    members: memberFigure(group),
  };
}

/** Bad: loses data, or something critical is open; warn: a warning is open, or it is late; else as its outlook is. */
export function groupTone(group: GroupSummary): Tone {
  const worst = Math.max(-1, ...group.findings.filter(isActionable).map((finding) => severityRank(finding.severity)));
  if (worst === 2 || group.outlook === 'losing') return 'bad';
  if (worst === 1 || group.outlook === 'loses-first' || (sloCell(group)?.over ?? false)) return 'warn';
  return group.outlook === null || group.outlook === 'insufficient-data' || group.age === 'stale' ? 'unknown' : 'good';
}

function sloCell(group: GroupSummary): SloCell | null {
  if (group.sloLagSeconds === null) return null;
  const usedRatio = group.maxTimeLagSeconds === null ? null : group.maxTimeLagSeconds / group.sloLagSeconds;
  const over = usedRatio !== null && usedRatio > 1;
  const standing = usedRatio === null ? 'time lag not known, against' : over ? 'over' : 'within';
  const text = durationWords(group.sloLagSeconds);
  return {
    text,
    usedRatio: usedRatio === null ? null : Math.min(1, usedRatio),
    over,
    title: `${standing} the SLO of ${text}`,
  };
}

const sourceWords: Readonly<Record<string, string>> = {
  epoch: 'exact, by group epoch',
  generation: 'exact, by generation',
  observed: 'a lower bound, by what was seen between polls',
};

/** `11 · 3 min 20 s`: rebalances in the last hour and the seconds that they cost. */
export function rebalanceFigure(group: GroupSummary): Figure {
  const count = group.rebalancesLastHour;
  if (count === null) {
    const why =
      whyUnknown(group, 'rebalancesLastHour') ?? (group.members === 0 ? 'the group has no members' : 'not read yet');
    return { text: group.members === 0 ? 'none' : 'not known', title: `Rebalances: ${why}.`, tone: 'plain' };
  }
  const lost = group.rebalancingSecondsLastHour ?? 0;
  const source = sourceWords[group.rebalanceSource ?? ''] ?? 'source not known';
  return {
    text: lost > 0 ? `${grouped(count)} · ${durationWords(lost)}` : grouped(count),
    title: `${plural(count, 'rebalance')} in the last hour (${source}), ${durationWords(lost)} without consuming.`,
    tone: count >= 7 || lost >= 120 ? 'warn' : 'plain',
  };
}

function memberFigure(group: GroupSummary): Figure {
  const partitions = grouped(group.partitions);
  if (group.members === null) {
    const why = whyUnknown(group, 'members') ?? 'not read yet';
    return { text: `not known / ${partitions}`, title: `Members: ${why}.`, tone: 'unknown' };
  }
  const idle = group.idleMembers ? ` ${plural(group.idleMembers, 'member')} without a partition.` : '';
  return {
    text: `${grouped(group.members)} / ${partitions}`,
    title: `${plural(group.members, 'member')} on ${plural(group.partitions, 'partition')}; Kafka calls the group ${group.state ?? 'unread'}.${idle}`,
    tone: 'plain',
  };
}

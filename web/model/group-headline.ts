import type { GroupAnswer } from './answers.ts';
import { codeWords } from './codes.ts';
import { worstOf } from './finding-words.ts';
import { isActionable, placeWords, type Sentence } from './glance.ts';
import { groupTone } from './group-cells.ts';
import { outlookFigure } from './outlook.ts';
import { grouped, plural } from './words.ts';

/** What is read after the group's name: its worst finding, else its outlook; and beneath, who and what it is. */
export function groupHeadline(group: GroupAnswer): Sentence {
  const worst = worstOf(group.findings.filter(isActionable));
  const outlook = outlookFigure(group);
  const where = group.outlook === 'keeps-up' || group.outlook === null ? '' : placeWords(group);
  return {
    lead: worst === undefined ? leadOf(group, outlook.text) : codeWords(worst.code),
    rest: worst === undefined ? `${where}.` : `${placeOf(worst) ?? where}.`,
    beneath: identityWords(group),
    tone: groupTone(group),
  };
}

function leadOf(group: GroupAnswer, outlookText: string): string {
  return group.outlook === 'insufficient-data' ? `: ${outlookText}` : outlookText;
}

function placeOf(finding: { topic?: string; partition?: number }): string | null {
  if (finding.topic === undefined) return null;
  return finding.partition === undefined
    ? ` on ${finding.topic}`
    : ` on ${finding.topic}, partition ${finding.partition}`;
}

function identityWords(group: GroupAnswer): string {
  const protocol = group.assignor === null ? group.type : `${group.type}, ${group.assignor}`;
  const words = [
    group.team === null ? null : `team ${group.team}`,
    group.tier === null ? null : `tier ${group.tier}`,
    `${protocol} group on ${group.cluster}`,
    group.state === null ? 'state not read yet' : `Kafka says ${group.state}`,
    group.coordinatorId === null ? null : `coordinator ${group.coordinatorId}`,
    group.members === null ? null : plural(group.members, 'member'),
    plural(group.partitions, 'partition'),
    group.lag === null ? null : `${grouped(group.lag)} records unread`,
    group.muted ? 'muted by a policy' : null,
  ];
  return words.filter((word) => word !== null).join(' · ');
}

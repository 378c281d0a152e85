/** Plain text for the incident channel: who, what, how long, since when, and as of when (UTC, since readers sit elsewhere). */
import type { GroupSummary } from './answers.ts';
import type { Card } from './cards.ts';

export function groupText(group: GroupSummary, card: Pick<Card, 'verdict' | 'since' | 'clocks'>): string {
  const owner = group.team === null ? '' : ` (${group.team})`;
  const clocks = card.clocks.map((clock) => `${clock.text} ${clock.label}`).join(', ');
  const read = group.readAtMs === null ? '' : `read at ${new Date(group.readAtMs).toISOString()}`;
  return lines(`${group.groupId} on ${group.cluster}${owner}`, card.verdict, clocks, card.since, read);
}

export function clusterText(card: Pick<Card, 'title' | 'owner' | 'verdict' | 'since'>): string {
  return lines(card.owner === '' ? card.title : `${card.title} on ${card.owner}`, card.verdict, card.since);
}

function lines(...texts: string[]): string {
  return texts.filter((text) => text !== '').join('\n');
}

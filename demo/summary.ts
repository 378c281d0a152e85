import { spokenSeconds } from '../src/evaluators/wording.ts';
import { demoGroups } from './workload/groups.ts';

/** The part of tidemark's answer that is looked at here. */
export interface GroupAnswer {
  readonly groupId: string;
  readonly outlook: string | null;
  readonly timeToLossEarliestSeconds: number | null;
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
}

/**
 * Asks tidemark for what it knows of each group.
 * @param address of the page, without a slash at its end
 * @throws Error when tidemark does not answer
 */
export async function askForGroups(address: string): Promise<Map<string, GroupAnswer>> {
  const response = await fetch(`${address}/api/v1/groups?limit=100`);
  if (!response.ok) throw new Error(`tidemark answered ${response.status} when asked for its groups`);
  const { groups } = (await response.json()) as { groups: readonly GroupAnswer[] };
  return new Map(groups.map((group) => [group.groupId, group]));
}

/** A line a group, in the order of the demo's list. */
export function summary(answers: ReadonlyMap<string, GroupAnswer>): string {
  return demoGroups.map(({ groupId }) => line(groupId, answers.get(groupId))).join('\n');
}

function line(groupId: string, answer: GroupAnswer | undefined): string {
  if (answer === undefined) return `${groupId.padEnd(20)} not seen`;
  const counts = new Map<string, number>();
  for (const { code, severity } of answer.findings) {
    const finding = `${code} (${severity})`;
    counts.set(finding, (counts.get(finding) ?? 0) + 1);
  }
  const found = [...counts].map(([finding, count]) => (count === 1 ? finding : `${finding} x${count}`));
  const { outlook, timeToLossEarliestSeconds: lossSeconds } = answer;
  const when = outlook === 'loses-first' && lossSeconds !== null ? ` in ${spokenSeconds(lossSeconds)}` : '';
  return `${groupId.padEnd(20)} ${`${outlook ?? 'unknown'}${when}`.padEnd(24)} ${found.join(', ') || 'quiet'}`;
}

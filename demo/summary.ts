import { spokenSeconds } from '../src/evaluators/wording.ts';
import { demoGroups } from './workload/groups.ts';

/** The parts of tidemark's answers that are looked at here. */
export interface FoundFinding {
  readonly code: string;
  readonly severity: string;
  readonly groupId?: string;
  readonly topic?: string;
}

interface GroupAnswer {
  readonly groupId: string;
  readonly outlook: string | null;
  readonly timeToLossEarliestSeconds: number | null;
}

/** What tidemark says of one of the demo's groups; of its topics too. */
export interface Judged {
  readonly outlook: string | null;
  readonly timeToLossEarliestSeconds: number | null;
  readonly findings: readonly FoundFinding[];
}

/**
 * Asks tidemark for what it knows of each of the demo's groups that it has seen.
 * @param address of the page, without a slash at its end
 * @throws Error when tidemark does not answer
 */
export async function askForGroups(address: string): Promise<Map<string, Judged>> {
  const { groups } = await ask<{ groups: readonly GroupAnswer[] }>(`${address}/api/v1/groups?limit=1000`);
  const { findings } = await ask<{ findings: readonly FoundFinding[] }>(`${address}/api/v1/findings?limit=1000`);
  const of = (id: string) => findings.filter((finding) => ownerOf(finding) === id);
  return new Map(groups.map((group) => [group.groupId, { ...group, findings: of(group.groupId) }]));
}

async function ask<T>(address: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`tidemark answered ${response.status} to ${address}`);
  return (await response.json()) as T;
}

/** The group that a finding is about; a topic's belongs to the group that it is named after. */
function ownerOf({ groupId, topic }: FoundFinding): string | undefined {
  return groupId ?? topic?.replace(/\.dlq$/, '');
}

/** A line a group, in the order of the demo's list. */
export function summary(answers: ReadonlyMap<string, Judged>): string {
  return demoGroups.map(({ groupId }) => line(groupId, answers.get(groupId))).join('\n');
}

function line(groupId: string, answer: Judged | undefined): string {
  if (answer === undefined) return `${groupId.padEnd(22)} not seen`;
  const counts = new Map<string, number>();
  for (const { code, severity } of answer.findings) {
    const finding = `${code} (${severity})`;
    counts.set(finding, (counts.get(finding) ?? 0) + 1);
  }
  const found = [...counts].map(([finding, count]) => (count === 1 ? finding : `${finding} x${count}`));
  const { outlook, timeToLossEarliestSeconds: lossSeconds } = answer;
  const when = outlook === 'loses-first' && lossSeconds !== null ? ` in ${spokenSeconds(lossSeconds)}` : '';
  return `${groupId.padEnd(22)} ${`${outlook ?? 'unknown'}${when}`.padEnd(24)} ${found.join(', ') || 'quiet'}`;
}

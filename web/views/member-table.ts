import { html } from 'htm/preact';
import type { GroupAnswer, MemberAnswer } from '../model/answers.ts';
import { rebalanceFigure } from '../model/group-cells.ts';
import { grouped, plural } from '../model/words.ts';

/** Rebalances of the last hour, and who reads. */
export function MemberTable({ group }: { group: GroupAnswer }) {
  const rebalances = rebalanceFigure(group);
  return html`
    <section aria-labelledby="members">
      <h2 id="members">Members and rebalances</h2>
      <p class=${`tone-${rebalances.tone}`}>${rebalances.title}${group.rebalances !== null && ` ${grouped(group.rebalances)} since tidemark first saw the group.`}</p>
      <${Members} members=${group.members === 0 ? [] : group.memberList} />
    </section>
  `;
}

function Members({ members }: { members: readonly MemberAnswer[] | null }) {
  if (members === null)
    return html`<p class="quiet">Members were not read yet, or Kafka does not tell them for this type of group.</p>`;
  if (members.length === 0)
    return html`<p class="quiet">No members: nobody reads through this group now, or its readers assign partitions themselves.</p>`;
  return html`
    <table>
      <thead><tr><th scope="col">Client</th><th scope="col">Host</th><th scope="col" class="n">Partitions</th><th scope="col" class="mid">Member ID</th></tr></thead>
      <tbody>
        ${members.map(
          (member) => html`
            <tr key=${member.memberId}>
              <th scope="row">${member.clientId}${member.groupInstanceId !== null && html` <small class="quiet">static: ${member.groupInstanceId}</small>`}</th>
              <td>${member.clientHost}</td>
              <td class="n" title=${assignmentWords(member)}>${member.partitions === 0 ? 'none (idle)' : grouped(member.partitions)}</td>
              <td class="mid quiet id">${member.memberId}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

function assignmentWords(member: MemberAnswer): string {
  if (member.assignment === null) return 'Kafka does not tell the assignment now.';
  return member.assignment
    .map(
      ({ topic, partitions }) =>
        `${topic}: ${plural(partitions.length, 'partition')} (${partitions.slice(0, 20).join(', ')})`,
    )
    .join('\n');
}

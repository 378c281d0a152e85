import { html } from 'htm/preact';
import { usePolled } from '../live/poll.ts';
import type { FindingsAnswer } from '../model/answers.ts';
import { leftBehindRows } from '../model/left-behind.ts';
import { leftBehindPath } from '../model/paths.ts';
import { grouped } from '../model/words.ts';

/** What nobody reads, apart from all that is watched over. */
export function LeftBehindList({
  cluster,
  everyMs,
  nowMs,
}: {
  cluster: string | null;
  everyMs: number;
  nowMs: number;
}) {
  const { answer } = usePolled<FindingsAnswer & { total: number }>(leftBehindPath(cluster), everyMs);
  const rows = leftBehindRows(answer?.findings ?? [], nowMs);
  if (answer === null || rows.length === 0) return null;
  const hidden = answer.total - answer.findings.length;
  return html`
    <section aria-labelledby="left-behind">
      <h2 id="left-behind">Without a consumer <span class="right">${grouped(rows.length + hidden)}</span></h2>
      <p class="quiet small">Nobody has read these since before tidemark came, or for days, or no member subscribes any more. They never alert; what stopped the day before tidemark came is here too.</p>
      <table>
        <thead>
          <tr><th scope="col">Group</th><th scope="col">Topic</th><th scope="col" class="n">Unread</th><th scope="col" class="n mid">Oldest</th><th scope="col" class="n">First deleted in</th><th scope="col" class="mid">Known since</th></tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`
              <tr key=${row.key} title=${row.title}>
                <th scope="row"><a href=${row.href}>${row.groupId}</a></th>
                <td>${row.what}</td>
                <td class="n">${row.unread}</td>
                <td class="n mid">${row.oldest}</td>
                <td class="n">${row.loss}</td>
                <td class="mid quiet">${row.since}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      ${hidden > 0 && html`<p class="quiet small">and ${grouped(hidden)} more</p>`}
    </section>
  `;
}

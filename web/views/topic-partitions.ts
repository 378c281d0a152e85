import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { TopicAnswer, TopicPartition } from '../model/answers.ts';
import { byTrouble, partitionCells } from '../model/topic-words.ts';
import { grouped } from '../model/words.ts';
import { Mark } from '../parts/mark.ts';

/** Rows before "show all": more than a screen holds helps nobody at first. */
const firstRows = 16;

/** Each partition with its leader, its replicas, and what its log holds; what is not as it should be first. */
export function TopicPartitions({ topic }: { topic: TopicAnswer }) {
  const [all, setAll] = useState(false);
  const rows = topic.partitionList.toSorted(byTrouble(topic.minInSyncReplicas));
  return html`
    <section aria-labelledby="partitions">
      <h2 id="partitions">Partitions <span class="right">${grouped(rows.length)}, in trouble first</span></h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Partition</th><th scope="col">Leader</th><th scope="col">In sync</th><th scope="col">Out of sync</th>
            <th scope="col" class="n mid">Records</th><th scope="col" class="n mid">Size</th><th scope="col" class="n wide">Written</th>
          </tr>
        </thead>
        <tbody>${(all ? rows : rows.slice(0, firstRows)).map((row) => html`<${PartitionRow} key=${row.partition} row=${row} minInSyncReplicas=${topic.minInSyncReplicas} />`)}</tbody>
      </table>
      ${!all && rows.length > firstRows && html`<p><button type="button" class="chip" onClick=${() => setAll(true)}>Show all ${grouped(rows.length)}</button></p>`}
    </section>
  `;
}

function PartitionRow({ row, minInSyncReplicas }: { row: TopicPartition; minInSyncReplicas: number | null }) {
  const cells = partitionCells(row, minInSyncReplicas);
  return html`
    <tr class=${row.age === 'stale' ? 'old' : ''}>
      <th scope="row"><${Mark} tone=${cells.tone} />p${row.partition}${row.age === 'stale' && html` <small class="quiet">old</small>`}</th>
      <td class=${row.offline ? 'tone-bad' : ''}>${cells.leader}</td>
      <td title="Brokers whose replica follows the leader, the leader included.">${cells.inSync}</td>
      <td class=${cells.outOfSync === 'none' ? 'quiet' : 'tone-warn'}>${cells.outOfSync}</td>
      <td class="n mid" title=${cells.recordsTitle}>${cells.records}</td>
      <td class="n mid" title="The leader's log, as its log directory tells it.">${cells.size}</td>
      <td class="n wide" title="Slope of the end offset over the window.">${cells.written}</td>
    </tr>
  `;
}

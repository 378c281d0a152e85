import { Type } from 'typebox';
import { clear, defineRule, eventHysteresis, unread } from '../rule.ts';
import { countOf } from '../wording.ts';

export const partitionsAdded = defineRule({
  code: 'partitions-added',
  subject: 'topic',
  severity: 'info',
  thresholds: Type.Object(eventHysteresis()),
  doc: {
    meaning: 'The topic got more partitions: from now on the same key may be written to another partition than before.',
    source: 'Metadata, against the read before of the same topic ID.',
    advice:
      'Was it meant? Order by key is broken at this moment, state kept by partition (Kafka Streams, joins) no longer fits, and groups take the new partitions only after metadata.max.age.ms. Partitions cannot be taken away again.',
  },
  suspect: ({ topics }, row) => topics.change[row]?.partitionsBefore !== undefined,
  judge(row) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    const partitionsBefore = row.change?.partitionsBefore;
    if (partitionsBefore === undefined) return clear();
    return { is: 'raise', evidence: { partitionsBefore, partitions: row.partitions.length } };
  },
  renew: (before, now) => ({ ...now, partitionsBefore: before.partitionsBefore }),
  summary: ({ partitionsBefore, partitions }, { topic }) =>
    `${topic} has ${countOf(partitions, 'partition')}, it had ${partitionsBefore}: keys move`,
});

import { Type } from 'typebox';
import { Duration } from '../../model/duration.ts';
import { deadLetterSource, isDeadLetterName } from '../judging/dead-letters.ts';
import { clear, defineRule, hysteresis, unread } from '../rule.ts';
import { countOf, spokenSeconds } from '../wording.ts';

/** As Spring, Kafka Connect and most teams call them. */
const defaultNames = [
  ...['*.dlq', '*-dlq', '*_dlq', 'dlq.*', 'dlq-*', 'dlq_*', '*.dlt', '*-dlt', '*_dlt'],
  ...['*dead-letter*', '*dead_letter*', '*dead.letter*', '*deadletter*'],
];

export const deadLetterGrowing = defineRule({
  code: 'dead-letter-growing',
  subject: 'topic',
  severity: 'warning',
  thresholds: Type.Object({
    names: Type.Array(Type.String(), {
      default: defaultNames,
      description:
        'what dead letter topics are called, with * and ? as wildcards; case does not count; the defaults are the habits of Spring, Kafka Connect and most teams',
    }),
    growsWithin: Duration(
      '10m',
      'time since the last new record in which the topic still counts as growing: retries fail in bursts',
    ),
    ...hysteresis({ because: 'whoever has failed on a record will fail on the next' }),
  }),
  doc: {
    meaning: 'Records arrive in a dead letter topic: somebody gives up on records that it should have processed.',
    source: 'End offsets of topics whose name is that of a dead letter queue, read by a group or not.',
    advice:
      'Read the newest records there: their headers mostly hold the exception, and the topic, partition and offset that they came from. Was something deployed on either side just before? Dead letters expire as other records do: repair and replay them in time.',
  },
  suspect({ topics }, row, monotonicMs, { growsWithin, names }) {
    return monotonicMs - topics.producedAtMs[row]! <= growsWithin && isDeadLetterName(topics.topic[row]!, names);
  },
  judge(row, thresholds) {
    if (row.staleCollector !== null) return unread(row.staleCollector);
    // Who took the pattern out of the list does not want to hear of it.
    if (!isDeadLetterName(row.topic, thresholds.names)) return clear('config-changed');
    const { grewMsAgo } = row;
    if (grewMsAgo === null || grewMsAgo > thresholds.growsWithin) {
      return row.partitions.some(({ offsetsAreStale }) => offsetsAreStale) ? unread('end-offsets') : clear();
    }
    const source = deadLetterSource(row.topic, thresholds.names, row.names);
    return {
      is: 'raise',
      evidence: {
        newRecords: row.producedRecords ?? 0,
        lastGrewSecondsAgo: Math.round(grewMsAgo / 1000),
        endOffset: row.partitions.reduce((sum, { highWatermark }) => sum + (highWatermark ?? 0), 0),
        sourceTopic: source.topic,
        sourceGroups: source.groups,
        readers: row.names.readersOf(row.topic) ?? [],
      },
    };
  },
  summary({ newRecords, lastGrewSecondsAgo, sourceGroups, sourceTopic, readers }, { topic }) {
    const count = `${countOf(newRecords, 'record')} since tidemark watches it, the last ${spokenSeconds(lastGrewSecondsAgo)} ago`;
    const nobody = readers.length === 0 ? ', and nobody reads it' : '';
    return `${topic} grows: ${count}${nobody}${from(sourceGroups, sourceTopic)}`;
  },
});

function from(groups: readonly string[], topic: string | null): string {
  const of = topic === null ? '' : ` of ${topic}`;
  if (groups.length === 1) return `; by its name from ${groups[0]}${topic === null ? '' : `, reading ${topic}`}`;
  if (groups.length > 1) return `; by its name from one of the ${groups.length} readers${of}`;
  return topic === null ? '' : `; by its name from a reader${of}`;
}

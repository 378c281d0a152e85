import type { GroupCommits, GroupType } from '../model/snapshot.ts';
import type { Collector } from './collector.ts';
import { hasWatchedOffsets } from './watched.ts';

/** Share groups keep no committed offsets (KIP-932). */
const withCommits: ReadonlySet<GroupType> = new Set(['classic', 'consumer', 'streams', 'unknown']);

/** Committed offsets of every known group, and the end of the groups that have neither members nor offsets. */
export const committedOffsets: Collector<'committed-offsets'> = {
  facet: 'committed-offsets',
  every: '0s',
  timeout: '10s',
  doc: 'committed offsets of each group',
  async collect(kafka, known, signal) {
    const { groups } = known.discovery;
    const asked = [...groups.values()].filter(({ type }) => withCommits.has(type));
    const answer = await kafka.committedOffsets(asked, signal);
    const isGone = ({ groupId, topics }: GroupCommits): boolean =>
      topics.length === 0 && groups.get(groupId)?.state === 'Dead';
    const gone = new Set(answer.value.filter(isGone).map(({ groupId }) => groupId));
    const value = answer.value
      .filter(({ groupId }) => !gone.has(groupId))
      .map(({ groupId, topics }) => ({
        groupId,
        topics: topics.filter(({ topic }) => hasWatchedOffsets(topic, known.scope)),
      }));
    const remaining = new Map([...groups].filter(([groupId]) => !gone.has(groupId)));
    return { ...answer, value, discovery: { ...known.discovery, groups: remaining } };
  },
};

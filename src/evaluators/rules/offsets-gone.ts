import { Type } from 'typebox';
import type { GoneCommit, GoneOffsets } from '../rows/row-types.ts';
import { clear, defineRule, eventHysteresis } from '../rule.ts';
import { countOf } from '../wording.ts';

/** Enough to set them anew by hand in most groups; the counts are of all. */
const listedAtMost = 50;

export const offsetsGone = defineRule({
  code: 'offsets-gone',
  subject: 'gone-offsets',
  severity: 'warning',
  thresholds: Type.Object({
    unreadRecords: Type.Integer({
      default: 3,
      minimum: 1,
      description: 'unread records from which on it is critical: one or two may be transaction markers',
    }),
    ...eventHysteresis(),
  }),
  doc: {
    meaning: 'Committed offsets of a group in use are gone: it begins where auto.offset.reset says, not where it was.',
    source:
      'OffsetFetch answers without them, complete and more than once, while the topics are still there; states and members of the group, and how long brokers keep commits (KIP-211).',
    advice:
      'Were they deleted by a tool, did they expire, or has __consumer_offsets lost data? The evidence holds where the group stood: stop it, set it back to those offsets, and start it again, before retention takes what it has not read.',
  },
  judge({ gone }, thresholds) {
    if (gone === null) return clear();
    const evidence = evidenceOf(gone);
    return {
      is: 'raise',
      severity: evidence.unreadRecords >= thresholds.unreadRecords ? 'critical' : 'warning',
      evidence,
    };
  },
  renew: (before, now) => ({
    ...now,
    partitions: before.partitions + now.partitions,
    unreadRecords: before.unreadRecords + now.unreadRecords,
    unreadPartitions: before.unreadPartitions + now.unreadPartitions,
    commits: [...before.commits, ...now.commits].slice(0, listedAtMost),
  }),
  summary({ how, partitions, unreadRecords }, { groupId }) {
    const unread = unreadRecords === 0 ? 'nothing was unread' : `${countOf(unreadRecords, 'record')} unread`;
    return `${groupId} has lost its committed offsets of ${countOf(partitions, 'partition')} ${because[how]}: ${unread}`;
  },
});

const because: Record<GoneOffsets['how'], string> = {
  'with-members': 'while it had members',
  'not-empty': 'as a whole, though it had members a moment before',
  'came-back': 'and is in use again without them',
};

function evidenceOf({ how, goneSinceMs, commits }: GoneOffsets) {
  const unread = commits.map((commit) => unreadOf(how, commit)).filter((records) => records > 0);
  return {
    how,
    goneSinceMs,
    partitions: commits.length,
    unreadRecords: unread.reduce((sum, records) => sum + records, 0),
    unreadPartitions: unread.length,
    commits: commits.slice(0, listedAtMost),
  };
}

/** A member that never left and has committed again, further on, has gone on from where it was. */
function unreadOf(how: GoneOffsets['how'], { committedOffset, committedNow, endOffset }: GoneCommit): number {
  const wentOn = how === 'with-members' && committedNow !== null && committedNow >= committedOffset;
  return wentOn || endOffset === null ? 0 : Math.max(0, endOffset - committedOffset);
}

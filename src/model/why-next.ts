import type { LossBy, Outlook, Ownership, UnknownReason } from './report.ts';

const lossAhead: Readonly<Record<NonNullable<LossBy>, string>> = {
  time: 'retention.ms deletes unread records before the group will have read them; give it more consumers, or raise retention.ms while it catches up',
  size: 'retention.bytes deletes unread records before the group will have read them; give it more consumers, or raise retention.bytes while it catches up',
  observed:
    'the log start moves up on the committed offset faster than the group reads; give it more consumers, or find out who deletes the records',
};

const standsBeforeLoss =
  'its committed offset does not move, so more consumers will not help; look at the record at that offset, and at the log of the member that owns the partition';

const whyUnknown: Readonly<Record<NonNullable<UnknownReason>, string>> = {
  'insufficient-data': 'too few samples yet; the verdict comes as the window fills',
  'no-commit': 'the group has committed nothing on this partition; check that it reads it, and that it commits',
  'end-offset-unread': "the end offset could not be read; look at the partition's leader",
  'log-start-unread': "the log start offset could not be read; look at the partition's leader",
  'membership-unread': "the group's members could not be read; look at its coordinator",
  'retention-unread': "the topic's retention could not be read; DescribeConfigs on the topic may be missing",
  'size-unread': 'the size of the log could not be read; Describe on the cluster may be missing',
  stale: 'nothing was read here for some time; the collectors say why',
  'one-movement': 'only one commit has moved the offset so far; rates come with the next',
};

const nobodyReads: Readonly<Partial<Record<NonNullable<Ownership>, string>>> = {
  unassigned: 'members subscribe to the topic, yet none owns this partition; look at the assignment',
  orphaned: 'whoever read it is gone; start the consumer again, or delete the offsets if it is not coming back',
  dropped: 'the group has members, and none subscribes to this topic any more',
  abandoned: 'nobody has read it for long; delete the offsets if nobody will',
};

/** The verdict on a series and what to look at next, as one clause; null where all is well. The numbers stand beside it. */
export function whyNext(series: {
  outlook: Outlook;
  lossBy: LossBy;
  ownership: Ownership;
  reason: UnknownReason;
  /** Its committed offset has stood for longer than it usually does. */
  stands: boolean;
}): string | null {
  const reader = series.ownership === null ? undefined : nobodyReads[series.ownership];
  switch (series.outlook) {
    case 'losing':
      return 'retention has deleted records that the group had not read; raise the retention now, then look at why it is slow';
    case 'loses-first':
      return reader ?? (series.stands ? standsBeforeLoss : lossAhead[series.lossBy ?? 'observed']);
    case 'drains-before-loss':
      return reader ?? 'behind, and it will have caught up before anything is deleted';
    case 'insufficient-data':
    case null:
      return reader ?? whyUnknown[series.reason ?? 'insufficient-data'];
    case 'keeps-up':
      return reader ?? null;
  }
}

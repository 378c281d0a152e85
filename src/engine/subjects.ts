import type { PolicyMatcher } from '../evaluators/policies.ts';
import type { RowMaker } from '../evaluators/rows/row-maker.ts';
import type { RowTypes } from '../evaluators/rows/row-types.ts';
import type { RuleSubject } from '../evaluators/rule.ts';
import type { FindingSubject } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { Tables } from '../model/report.ts';
import type { Facet } from '../model/snapshot.ts';
import type { JudgeContext } from './judge.ts';
import type { RowFinder } from './row-finder.ts';

/** What the rules of one cycle look at. */
export interface Cycle {
  tables: Tables;
  context: JudgeContext;
  rowMaker: RowMaker;
  policyOf: PolicyMatcher;
}

/** A row as a rule reads it, what its finding would be about, and what its owner says. */
export interface Candidate {
  subject: FindingSubject;
  policy: Policy;
  row: RowTypes[RuleSubject];
}

/** Where the rows of one kind of subject come from. */
export interface SubjectSource {
  rows(cycle: Cycle): number;
  /** 1 for each row that lives; without it, all do. */
  alive?(cycle: Cycle): Uint8Array;
  make(cycle: Cycle, row: number): Candidate;
  /** The row of a subject by name; undefined where there is none (any more). */
  find(cycle: Cycle, finder: RowFinder, subject: FindingSubject): number | undefined;
  /** Who is to be asked where a row is not there. */
  collector: Facet;
}

const series: SubjectSource = {
  rows: ({ tables }) => tables.series.rows,
  alive: ({ tables }) => tables.series.alive,
  make({ rowMaker }, index) {
    const row = rowMaker.series(index);
    return {
      subject: { groupId: row.groupId, ...topicSubject(row), partition: row.partition },
      policy: row.policy,
      row,
    };
  },
  find: (_cycle, finder, { groupId, topic, partition }) => finder.series(groupId!, topic!, partition!),
  collector: 'committed-offsets',
};

const group: SubjectSource = {
  rows: ({ tables }) => tables.groups.rows,
  alive: ({ tables }) => tables.groups.alive,
  make({ rowMaker }, index) {
    const row = rowMaker.group(index);
    return { subject: { groupId: row.groupId }, policy: row.policy, row };
  },
  find: (_cycle, finder, { groupId }) => finder.group(groupId!),
  collector: 'group-membership',
};

const groupTopic: SubjectSource = {
  rows: ({ tables }) => tables.groupTopics.rows,
  alive: ({ tables }) => tables.groupTopics.alive,
  make({ rowMaker }, index) {
    const row = rowMaker.groupTopic(index);
    return { subject: { groupId: row.groupId, ...topicSubject(row) }, policy: row.policy, row };
  },
  find: (_cycle, finder, { groupId, topic }) => finder.groupTopic(groupId!, topic!),
  collector: 'committed-offsets',
};

const topic: SubjectSource = {
  rows: ({ tables }) => tables.topics.rows,
  alive: ({ tables }) => tables.topics.alive,
  make({ rowMaker }, index) {
    const row = rowMaker.topic(index);
    return { subject: topicSubject(row), policy: row.policy, row };
  },
  find: (_cycle, finder, subject) => finder.topic(subject.topic!),
  collector: 'cluster',
};

const partition: SubjectSource = {
  rows: ({ tables }) => tables.partitions.rows,
  alive: ({ tables }) => tables.partitions.alive,
  make({ rowMaker }, index) {
    const row = rowMaker.partition(index);
    return { subject: { ...topicSubject(row), partition: row.partition }, policy: row.policy, row };
  },
  find: (_cycle, finder, subject) => finder.partition(subject.topic!, subject.partition!),
  collector: 'cluster',
};

const broker: SubjectSource = {
  rows: ({ tables }) => tables.brokers.length,
  make: ({ rowMaker, policyOf, context }, index) => {
    const row = rowMaker.broker(index);
    return { subject: { brokerId: row.brokerId }, policy: policyOf(context.cluster), row };
  },
  find: ({ tables }, _finder, subject) => indexOf(tables.brokers, ({ brokerId }) => brokerId === subject.brokerId),
  collector: 'cluster',
};

const logDir: SubjectSource = {
  rows: ({ rowMaker }) => rowMaker.logDirs.length,
  make: ({ rowMaker, policyOf, context }, index) => {
    const row = rowMaker.logDirs[index]!;
    return { subject: { brokerId: row.brokerId, logDir: row.path }, policy: policyOf(context.cluster), row };
  },
  find: ({ rowMaker }, _finder, { brokerId, logDir: path }) =>
    indexOf(rowMaker.logDirs, (dir) => dir.brokerId === brokerId && dir.path === path),
  collector: 'log-dirs',
};

function indexOf<T>(rows: readonly T[], isIt: (row: T) => boolean): number | undefined {
  const index = rows.findIndex(isIt);
  return index === -1 ? undefined : index;
}

const cluster: SubjectSource = {
  rows: () => 1,
  make: ({ rowMaker, policyOf, context }) => ({
    subject: {},
    policy: policyOf(context.cluster),
    row: rowMaker.cluster(),
  }),
  find: () => 0,
  collector: 'cluster',
};

const collector: SubjectSource = {
  rows: ({ context }) => context.collectors.length,
  make({ rowMaker, policyOf, context }, index) {
    const status = context.collectors[index]!;
    return {
      subject: { collector: status.collector },
      policy: policyOf(context.cluster),
      row: rowMaker.collector(status),
    };
  },
  find({ context }, _finder, subject) {
    const index = context.collectors.findIndex((status) => status.collector === subject.collector);
    return index === -1 ? undefined : index;
  },
  collector: 'cluster',
};

/** Groups of which this cycle shows it, be they still there or not; of any other there is nothing new. */
const goneOffsets: SubjectSource = {
  rows: ({ context }) => context.gone.offsets.length,
  make({ policyOf, context }, index) {
    const gone = context.gone.offsets[index] ?? null;
    const policy = policyOf(context.cluster, gone?.groupId);
    return { subject: gone === null ? {} : { groupId: gone.groupId }, policy, row: { policy, gone } };
  },
  find: ({ context }, _finder, { groupId }) => context.gone.offsets.findIndex((gone) => gone.groupId === groupId),
  collector: 'committed-offsets',
};

export const subjectSources: Readonly<Record<RuleSubject, SubjectSource>> = {
  series,
  group,
  'group-topic': groupTopic,
  topic,
  partition,
  broker,
  'log-dir': logDir,
  cluster,
  collector,
  'gone-offsets': goneOffsets,
};

function topicSubject({ topic, topicId }: { topic: string; topicId: string | null }): {
  topic: string;
  topicId?: string;
} {
  return topicId === null ? { topic } : { topic, topicId };
}

/** What the page reads of the API's answers, under the names that it uses: the types are the API's own (src/model/wire.ts). */
import type { Finding, Severity, Transition } from '../../src/model/finding.ts';
import type { Outlook } from '../../src/model/report.ts';
import type {
  BrokerReport,
  ClusterAnswer,
  EventAnswer,
  GroupAnswer,
  GroupFinding,
  HistorySeries,
  MemberAnswer,
  PartitionAnswer,
  Points,
  TopicAnswer,
  TopicReader,
  TopicReport,
  GroupSummary as WireGroupSummary,
} from '../../src/model/wire.ts';

export type {
  BrokerReport,
  ClusterAnswer,
  EventAnswer,
  Finding,
  GroupAnswer,
  GroupFinding,
  MemberAnswer,
  Outlook,
  PartitionAnswer,
  Points,
  Severity,
  TopicAnswer,
  TopicReader,
  TopicReport,
  Transition,
};

/** What a row of the list and the page of one group have in common. */
export type GroupSummary = Omit<WireGroupSummary, 'openFindings'>;
/** One group on one partition. */
export type SeriesAnswer = GroupAnswer['series'][number];
export type TopicPartition = TopicAnswer['partitionList'][number];
export type CollectorAnswer = ClusterAnswer['collectors'][number];
/** Field name to the reason why its number is unknown. */
export type Unknowns = GroupSummary['unknown'];

export interface ClustersAnswer {
  clusters: readonly ClusterAnswer[];
  serverMs: number;
  version: string;
}

export interface GroupsAnswer {
  total: number;
  groups: readonly GroupSummary[];
}

export interface TopicsAnswer {
  total: number;
  topics: readonly TopicReport[];
}

export interface BrokersAnswer {
  brokers: readonly BrokerReport[];
}

export interface PartitionsAnswer {
  total: number;
  partitions: readonly PartitionAnswer[];
}

export interface FindingsAnswer {
  findings: readonly Finding[];
}

export interface EventsAnswer {
  events: readonly EventAnswer[];
  transitions: readonly Transition[];
}

export interface HistoryAnswer {
  series: readonly HistorySeries[];
}

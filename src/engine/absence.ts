import type { ClusterHistory } from '../history/cluster-history.ts';
import type { ClearReason, FindingSubject } from '../model/finding.ts';
import { subjectKey } from './finding-id.ts';
import type { Intake } from './ingest/index.ts';

/** Why there is nothing any more that a finding was about; null: it may only be unread. */
export type Absence = (
  subject: FindingSubject,
) => Extract<ClearReason, `${'group' | 'topic'}-deleted` | 'unsubscribed' | 'recovered' | 'config-changed'> | null;

/**
 * What this cycle's reads hold is the evidence: complete, no failure covers the subject, and it is not in them. For what went while
 * tidemark was away: nobody saw it go, and it has no row whose end would tell. And for commits that went just now: brokers forget those
 * of a deleted topic at once, so that a cycle whose Metadata is older still lists the topic. The next one tells which of the two went.
 */
export function absenceOf(intake: Intake): Absence {
  const { history, snapshot } = intake;
  const { cluster, 'group-membership': membership, 'committed-offsets': commits } = snapshot.reads;
  if (!intake.seesAll) return () => null;
  const coverage = {
    cluster: intake.coverage('cluster'),
    membership: intake.coverage('group-membership'),
    commits: intake.coverage('committed-offsets'),
  };
  let committing: ReadonlySet<string> | undefined;
  const wentJustNow = new Set(intake.gone.series.map(subjectKey));
  return ({ groupId, topic, partition, brokerId, logDir }) => {
    if (brokerId !== undefined) return cluster === undefined ? null : brokerAbsence(history, brokerId, logDir);
    if (groupId !== undefined && membership !== undefined && !history.groupRows.has(groupId)) {
      return coverage.membership.covers({ groupId }) ? null : 'group-deleted';
    }
    if (topic !== undefined && cluster !== undefined && !history.topicRows.has(topic)) {
      return coverage.cluster.covers({ topic }) ? null : 'topic-deleted';
    }
    const groupRow = groupId === undefined ? undefined : history.groupRows.get(groupId);
    if (groupId === undefined || topic === undefined || groupRow === undefined || commits === undefined) return null;
    if (cluster === undefined || coverage.cluster.covers({ topic })) return null;
    if (partition !== undefined && wentJustNow.has(subjectKey({ groupId, topic, partition }))) return null;
    committing ??= new Set(commits.value.map((one) => one.groupId));
    const { coordinatorId } = history.groups[groupRow]!;
    const place = { groupId, topic, coordinatorId, ...(partition !== undefined && { partition }) };
    return committing.has(groupId) && !coverage.commits.covers(place) ? 'unsubscribed' : null;
  };
}

/**
 * A broker without a row neither lives nor holds a replica: it was decommissioned, which ends what it lacked. A log directory
 * without one has gone with its broker, or its broker answered without it.
 */
function brokerAbsence(
  { brokers, logDirs, replicaIds }: ClusterHistory,
  brokerId: number,
  logDir: string | undefined,
): 'recovered' | 'config-changed' | null {
  if (brokers === null) return null;
  if (logDir === undefined) return 'recovered';
  const isPart =
    brokers.some((broker) => broker.brokerId === brokerId) || replicaIds.some((ids) => ids.includes(brokerId));
  return isPart && logDirs.ofBroker(brokerId).length === 0 ? null : 'config-changed';
}

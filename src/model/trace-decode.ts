import { Compile } from 'typebox/compile';
import { countMarks } from './json-bounds.ts';
import type { Facet, FacetReads, Facets, Failure, Read, Snapshot } from './snapshot.ts';
import {
  clusterStateOf,
  commitsOf,
  endOffsetsOf,
  logDirsOf,
  logStartOffsetsOf,
  membershipsOf,
  permissionsOf,
  quorumOf,
  timeAnswersOf,
  topicConfigsOf,
} from './trace-facets.ts';
import { TraceLine, type TracePartition } from './trace-schema.ts';

const validator = Compile(TraceLine);

/** A line of a trace as a snapshot, or a sentence that says what is wrong with it. */
export type Decoded = { snapshot: Snapshot } | { damage: string };

/** Four times what a snapshot of 200,000 series is made of. The schema itself is not ten levels deep. */
const bounds = { depth: 32, marks: 8_000_000 };

/** Reads one line of a trace. Never throws: whatever the line holds, the answer is a snapshot or what is wrong with it. */
export function decodeTraceLine(text: string): Decoded {
  const marks = countMarks(text, bounds);
  if (typeof marks === 'string') return { damage: marks };
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    return { damage: `not JSON (${(error as Error).message})` };
  }
  // JSON.parse keeps such a key as an own one; a line that carries it was made to reach the prototype of what copies it.
  if (text.includes('"__proto__"') && /"__proto__"\s*:/.test(text)) return { damage: 'a key is called __proto__' };
  if (!validator.Check(line)) return { damage: firstProblem(line, marks) };
  return { snapshot: snapshotOf(line) };
}

/** The validator gathers every problem before it tells the first: half a kilobyte for each value, where all are wrong. */
const marksToExplain = 500_000;

function firstProblem(line: unknown, marks: number): string {
  if (marks > marksToExplain) return `not a snapshot; it has more than ${marksToExplain} values, too many to say where`;
  const [error] = validator.Errors(line);
  return error === undefined ? 'not a snapshot' : `${error.instancePath || 'the line'} ${error.message}`;
}

function snapshotOf(line: TraceLine): Snapshot {
  const failures = failuresOf(line);
  const values = valuesOf(line, failures);
  const reads: Partial<Record<Facet, Read<unknown>>> = {};
  for (const [facet, value] of Object.entries(values) as [Facet, unknown][]) {
    const { observedAtMs = line.atMs, brokers } = line.read?.[facet] ?? {};
    const own = failures.filter((failure) => failure.collector === facet);
    reads[facet] = { value, observedAtMs, ...(brokers !== undefined && { brokers }), failures: own };
  }
  return {
    cluster: line.cluster,
    atMs: line.atMs,
    ...(line.recorder !== undefined && { recorder: line.recorder }),
    ...(line.monotonicMs !== undefined && { monotonicMs: line.monotonicMs }),
    completeness: line.completeness ?? 'full',
    reads: reads as FacetReads,
    failures: failures.filter((failure) => reads[failure.collector] === undefined),
  };
}

/** The facets that tidemark judges by: failures of other collectors say nothing to it. */
const facets: Readonly<Record<Facet, true>> = {
  cluster: true,
  'topic-configs': true,
  'broker-configs': true,
  'log-dirs': true,
  'log-start-offsets': true,
  'group-membership': true,
  'committed-offsets': true,
  'end-offsets': true,
  'offsets-for-times': true,
  quorum: true,
  permissions: true,
};

function failuresOf({ failures = [], groups = [], collectors }: TraceLine): Failure[] {
  const ours = failures.filter(({ collector }) => Object.hasOwn(facets, collector)) as Failure[];
  const groupIds = groups.filter(({ state }) => !state).map(({ groupId }) => groupId);
  // A line that tidemark wrote says itself what it lacks; in others a group may stand for its commits alone: not gone, but unread.
  if (collectors !== undefined || groupIds.length === 0 || groupIds.length === groups.length) return ours;
  return [...ours, { collector: 'group-membership', code: 'upstream.unsupported', groupIds }];
}

type Values = { [F in Facet]?: Facets[F] };

function valuesOf(line: TraceLine, failures: readonly Failure[]): Values {
  const told = line.collectors === undefined ? undefined : new Set(line.collectors);
  const covered = new Set(failures.filter(isUnscoped).map(({ collector }) => collector));
  const { topics, groups, clusterConfig, quorum, permissions } = line;
  /** Whether the facet was read: the line says so itself, or its section is there and no failure covers all of it. */
  const wasRead = (facet: Facet, isThere: () => boolean) => told?.has(facet) ?? (isThere() && !covered.has(facet));
  const hasPartitionField = (field: keyof TracePartition) => () =>
    topics?.some(({ partitions }) => partitions?.some((partition) => partition[field] !== undefined)) ?? false;

  const values: Values = {};
  if (wasRead('cluster', () => topics !== undefined)) values.cluster = clusterStateOf(line);
  if (wasRead('topic-configs', () => topics?.some(({ config }) => config) ?? false)) {
    values['topic-configs'] = topicConfigsOf(topics ?? []);
  }
  if (wasRead('broker-configs', () => Boolean(clusterConfig))) values['broker-configs'] = { ...clusterConfig };
  if (quorum && wasRead('quorum', () => true)) values.quorum = quorumOf(quorum);
  if (permissions && wasRead('permissions', () => true)) values.permissions = permissionsOf(permissions);
  const hasLogDirs = () => line.brokers?.some(({ logDirs }) => logDirs) || hasPartitionField('sizeBytes')();
  if (wasRead('log-dirs', hasLogDirs)) values['log-dirs'] = logDirsOf(line.brokers ?? [], topics ?? []);
  if (wasRead('log-start-offsets', hasPartitionField('logStartOffset'))) {
    values['log-start-offsets'] = logStartOffsetsOf(topics ?? []);
  }
  const hasEnds = () => hasPartitionField('highWatermark')() || hasPartitionField('lastStableOffset')();
  if (wasRead('end-offsets', hasEnds)) values['end-offsets'] = endOffsetsOf(topics ?? []);
  if (wasRead('offsets-for-times', hasPartitionField('offsetsForTimes'))) {
    values['offsets-for-times'] = timeAnswersOf(topics ?? []);
  }
  const tellsStates = () => groups !== undefined && (groups.length === 0 || groups.some(({ state }) => state));
  if (wasRead('group-membership', tellsStates)) values['group-membership'] = membershipsOf(groups ?? []);
  if (wasRead('committed-offsets', () => groups?.some(({ committed }) => committed) ?? false)) {
    values['committed-offsets'] = commitsOf(groups ?? []);
  }
  return values;
}

function isUnscoped({ brokerId, groupIds, topics }: Failure): boolean {
  return brokerId === undefined && groupIds === undefined && topics === undefined;
}

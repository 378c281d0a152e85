import type { CollectorStatus } from './report.ts';
import type { Facet, Failure, Permissions } from './snapshot.ts';

/** Operations that tidemark needs, as kafka-acls writes them. */
type NeededOperation = 'Describe' | 'DescribeConfigs';

/** Something that tidemark may not read. */
export interface MissingPermission {
  resource: 'cluster' | 'topic' | 'group';
  operation: NeededOperation;
  /** Topics or groups, sorted; none of the cluster. */
  names: readonly string[];
  /** Whether there may be others, which Kafka hides. */
  hidesOthers: boolean;
}

/** What a permission that is missing shows in: what Kafka says of us, and what it would not answer. */
export interface AccessSigns {
  permissions: Pick<Permissions, 'cluster' | 'topics'> | null;
  collectors: readonly Pick<CollectorStatus, 'collector' | 'failures'>[];
}

/** What it takes to be answered: the resource that a failure without a narrower scope is about, and that of its topics or groups. */
const needs: Readonly<Record<Facet, { whole: NeededOperation; topics?: NeededOperation; groups?: 'Describe' }>> = {
  cluster: { whole: 'Describe', topics: 'Describe' },
  'topic-configs': { whole: 'DescribeConfigs', topics: 'DescribeConfigs' },
  'broker-configs': { whole: 'DescribeConfigs' },
  'log-dirs': { whole: 'Describe' },
  'log-start-offsets': { whole: 'Describe', topics: 'Describe' },
  'group-membership': { whole: 'Describe' },
  'committed-offsets': { whole: 'Describe', topics: 'Describe', groups: 'Describe' },
  'end-offsets': { whole: 'Describe', topics: 'Describe' },
  'offsets-for-times': { whole: 'Describe', topics: 'Describe' },
  quorum: { whole: 'Describe' },
  permissions: { whole: 'Describe', topics: 'Describe' },
};

/**
 * All that tidemark lacks of its minimum: Describe and DescribeConfigs on CLUSTER and on topics, Describe on groups. Without CLUSTER
 * Describe Kafka leaves out what it hides without a word, so nobody can say which topics and groups that concerns.
 */
export function missingPermissions({ permissions, collectors }: AccessSigns): MissingPermission[] {
  const missing = new Missing();
  if (permissions !== null && !permissions.cluster.includes('describe')) missing.add('cluster', 'Describe');
  // Without Describe Kafka tells none of the others, whether they are allowed or not.
  else if (permissions !== null && !permissions.cluster.includes('describeConfigs')) {
    missing.add('cluster', 'DescribeConfigs');
  }
  for (const { operations, names } of permissions?.topics ?? []) {
    if (!operations.includes('describe')) missing.add('topic', 'Describe', names);
    if (!operations.includes('describeConfigs')) missing.add('topic', 'DescribeConfigs', names);
  }
  const denied = collectors.flatMap(({ collector, failures }) =>
    failures.filter(({ code }) => code === 'upstream.denied').map((failure) => ({ ...failure, collector })),
  );
  const deniedGroups = new Set(
    denied.flatMap(({ collector, groupIds }) => (collector === 'committed-offsets' ? (groupIds ?? []) : [])),
  );
  for (const failure of denied) missing.addFailure(failure, deniedGroups);
  if (missing.has('cluster', 'Describe')) {
    missing.add('topic', 'Describe');
    missing.add('group', 'Describe');
  }
  return missing.list();
}

/** Missing permissions while they are gathered. */
class Missing {
  readonly #found = new Map<string, { names: Set<string>; hidesOthers: boolean }>();

  /** @param names of topics or groups; without them it cannot be said which */
  add(resource: MissingPermission['resource'], operation: NeededOperation, names?: readonly string[]): void {
    const key = `${resource} ${operation}`;
    const known = this.#found.get(key) ?? { names: new Set(), hidesOthers: false };
    for (const name of names ?? []) known.names.add(name);
    const hidesOthers = known.hidesOthers || (names === undefined && resource !== 'cluster');
    this.#found.set(key, { ...known, hidesOthers });
  }

  /** `deniedGroups`: those whose offsets are denied too, which takes the same Describe and nothing else. */
  addFailure({ collector, topics, groupIds }: Failure, deniedGroups: ReadonlySet<string>): void {
    const { whole, topics: ofTopics, groups } = needs[collector];
    if (collector === 'group-membership' && groupIds !== undefined) {
      const own = groupIds.filter((groupId) => deniedGroups.has(groupId));
      if (own.length > 0) this.add('group', 'Describe', own);
      // ConsumerGroupDescribe denies a whole group for one topic of its members, and does not say which.
      if (own.length < groupIds.length) this.add('topic', 'Describe');
    } else if (groups !== undefined && groupIds !== undefined) this.add('group', groups, groupIds);
    else if (ofTopics !== undefined && topics !== undefined && topics.length > 0) {
      const names = topics.map(({ topic }) => topic);
      this.add('topic', ofTopics, names);
    } else this.add('cluster', whole);
  }

  has(resource: MissingPermission['resource'], operation: NeededOperation): boolean {
    return this.#found.has(`${resource} ${operation}`);
  }

  list(): MissingPermission[] {
    const resources = ['cluster', 'topic', 'group'] as const;
    const operations = ['Describe', 'DescribeConfigs'] as const;
    return resources.flatMap((resource) =>
      operations.flatMap((operation) => {
        const found = this.#found.get(`${resource} ${operation}`);
        return found === undefined ? [] : [{ ...found, resource, operation, names: [...found.names].sort() }];
      }),
    );
  }
}

/** Who is to be allowed what, and where that is said. */
export interface Grantee {
  /** null: not known */
  principal: string | null;
  /** host:port of a broker; null: none is known. */
  bootstrapServer: string | null;
}

/** More than so many names are granted together, by a wildcard. */
const namedAtMost = 5;

/** The commands, to paste into a shell, that grant what is missing: one a resource. */
export function aclCommands(missing: readonly MissingPermission[], { principal, bootstrapServer }: Grantee): string[] {
  const byResource = Map.groupBy(missing, ({ resource }) => resource);
  return [...byResource].map(([resource, its]) => {
    const operations = [...new Set(its.map(({ operation }) => operation))];
    return [
      'kafka-acls.sh --bootstrap-server',
      quoted(bootstrapServer ?? 'HOST:PORT'),
      '--add --allow-principal',
      quoted(principal ?? 'User:TIDEMARK'),
      ...operations.map((operation) => `--operation ${operation}`),
      resource === 'cluster' ? '--cluster' : namesOption(resource, its),
    ].join(' ');
  });
}

function namesOption(resource: 'topic' | 'group', missing: readonly MissingPermission[]): string {
  const names = [...new Set(missing.flatMap((one) => one.names))].sort();
  const isNamed = names.length <= namedAtMost && !missing.some(({ hidesOthers }) => hidesOthers);
  return (isNamed ? names : ['*']).map((name) => `--${resource} ${quoted(name)}`).join(' ');
}

/** As one word of a shell, whatever stands in it. */
function quoted(word: string): string {
  return /^[\w.:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

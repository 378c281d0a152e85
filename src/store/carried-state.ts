import type { Database } from 'better-sqlite3';
import type { EngineMemory } from '../model/engine-memory.ts';
import type { Finding } from '../model/finding.ts';
import type { ClusterState, Discovery, KnownGroup } from '../model/snapshot.ts';
import type { StateParts } from './state-parts.ts';

/** What goes from one run of the daemon to the next beside the samples: counters, open findings, discovery, brokers. */
type MemoryHeader = Omit<EngineMemory, 'findings' | 'groupTopics' | 'groups' | 'topics' | 'readers' | 'habits'>;

export function saveMemory(parts: StateParts, memory: EngineMemory): void {
  const { findings, groupTopics, groups, topics, readers, habits, ...header } = memory;
  parts.saveValue('memory', header);
  parts.saveList('findings', findings);
  parts.saveList('group-topics', groupTopics);
  parts.saveList('groups', groups);
  parts.saveList('topics', topics);
  parts.saveList('readers', readers);
  parts.saveList('group-habits', habits?.groups ?? []);
  parts.saveList('series-habits', habits?.series ?? []);
}

export function loadMemory(parts: StateParts): EngineMemory | null {
  const header = parts.value<MemoryHeader>('memory');
  if (header === undefined) return null;
  return {
    ...header,
    findings: parts.list('findings'),
    groupTopics: parts.list('group-topics'),
    groups: parts.list('groups'),
    topics: parts.list('topics'),
    readers: parts.list('readers'),
    habits: { groups: parts.list('group-habits'), series: parts.list('series-habits') },
  };
}

export function saveDiscovery(parts: StateParts, discovery: Discovery): void {
  parts.saveList('known-groups', [...discovery.groups.values()]);
  parts.saveValue('missing-topics', [...discovery.missingTopics]);
}

export function loadDiscovery(parts: StateParts): Discovery | null {
  const missingTopics = parts.value<[string, number][]>('missing-topics');
  if (missingTopics === undefined) return null;
  const groups = parts.list<KnownGroup>('known-groups').map((group) => [group.groupId, group] as const);
  return { groups: new Map(groups), missingTopics: new Map(missingTopics) };
}

/** The cluster but for its topics, which are in the dictionary. */
export type ClusterHeader = Pick<ClusterState, 'clusterId' | 'brokers'>;

export function saveClusterHeader(parts: StateParts, { clusterId, brokers }: ClusterState): void {
  const header: ClusterHeader = { clusterId, brokers };
  parts.saveValue('cluster', header);
}

/** Kafka's ID of the cluster as the last cycle had it; null where it has none. */
export function storedClusterId(database: Database): string | null {
  const body = database.prepare<[], string>("SELECT body FROM state WHERE part = 'cluster'").pluck().get();
  return body === undefined ? null : (JSON.parse(body) as ClusterHeader).clusterId;
}

/** The findings that were open after the last cycle, without all else that is remembered. */
export function storedFindings(database: Database): Finding[] {
  const parts = database.prepare<[], string>("SELECT body FROM state WHERE part GLOB 'findings/*'").pluck().all();
  return parts.flatMap((body) => (JSON.parse(body) as EngineMemory['findings']).map(({ finding }) => finding));
}

export function loadClusterHeader(parts: StateParts): ClusterHeader {
  return parts.value<ClusterHeader>('cluster') ?? { clusterId: null, brokers: [] };
}

/** Addresses of the API that the page asks; relative, so that the page works behind a path prefix. */
import type { Address } from './address.ts';
import { leftBehindCodes } from './left-behind.ts';

export const pageRows = 50;
/** Enough for every card: the groups come by risk. */
const glanceRows = 100;
const minuteMs = 60_000;

function api(route: string, query: Readonly<Record<string, string | number | null | undefined>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? `api/v1/${route}` : `api/v1/${route}?${search}`;
}

export const clustersPath = api('clusters');

export function glanceGroupsPath(cluster: string | null): string {
  return api('groups', { cluster, sort: 'risk', limit: glanceRows });
}

export function findingsPath(cluster: string | null): string {
  return api('findings', { cluster });
}

/** What nobody reads any more. */
export function leftBehindPath(cluster: string | null): string {
  return api('findings', { cluster, code: leftBehindCodes.join(','), limit: pageRows });
}

/** The list as the address asks for it: filtered, sorted, one page. */
export function groupsPath(address: Address): string {
  const { cluster, filter, outlook, sort, order, page } = address;
  return api('groups', {
    cluster,
    filter,
    outlook,
    sort,
    order,
    limit: pageRows,
    offset: (page - 1) * pageRows,
    sparkline: 'true',
  });
}

/** Events of the trailing hours; the start moves on once a minute, so that the path does not change with every second. */
export function eventsPath(cluster: string | null, fromMs: number): string {
  return api('events', { cluster, fromMs, limit: 500 });
}

/** What happened to one topic. */
export function topicEventsPath(cluster: string, topic: string, fromMs: number): string {
  return api('events', { cluster, topic, fromMs, limit: 200 });
}

export function groupPath(cluster: string | null, groupId: string): string {
  return api(`groups/${encodeURIComponent(groupId)}`, { cluster });
}

export function topicsPath(address: Address): string {
  const { cluster, filter, page } = address;
  return api('topics', { cluster, filter, limit: pageRows, offset: (page - 1) * pageRows });
}

export function topicPath(cluster: string | null, topic: string): string {
  return api(`topics/${encodeURIComponent(topic)}`, { cluster });
}

export function brokersPath(cluster: string): string {
  return api('brokers', { cluster });
}

export const partitionStates = ['offline', 'under-min-isr', 'under-replicated'] as const;
export type PartitionState = (typeof partitionStates)[number];

export function partitionsPath(cluster: string, state: PartitionState): string {
  return api('partitions', { cluster, state });
}

/**
 * History of one field for each partition of the group on that topic, or of several fields of one partition; without a group, of
 * the partition itself.
 */
export function historyPath(of: {
  cluster: string;
  groupId?: string;
  topic: string;
  partition?: number;
  fields: readonly string[];
  fromMs: number;
  points: number;
}): string {
  const path = api('history', {
    cluster: of.cluster,
    groupId: of.groupId,
    topic: of.topic,
    partition: of.partition,
    fromMs: of.fromMs,
    points: of.points,
  });
  return `${path}${of.fields.map((field) => `&field=${field}`).join('')}`;
}

/** The whole minute that lies `ms` before now. */
export function minuteBefore(nowMs: number, ms: number): number {
  return Math.floor(nowMs / minuteMs) * minuteMs - ms;
}

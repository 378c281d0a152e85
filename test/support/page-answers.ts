import type { Scenario } from './page-fixture.ts';
import { fixtureNowMs } from './page-fixture-rows.ts';
import { brokers, groupAnswer, historyPoints, partitions, topicAnswer, topics } from './page-fixture-views.ts';

/** What the API would answer of a scenario; null: not found. Filters, sorts and pages only as far as the page's tests look. */
export function answerOf(scenario: Scenario, url: URL): object | null {
  const route = url.pathname.replace('/api/v1/', '');
  const query = url.searchParams;
  if (route.startsWith('groups/')) return oneGroup(scenario, decodeURIComponent(route.slice('groups/'.length)));
  if (route.startsWith('topics/'))
    return topicAnswer(decodeURIComponent(route.slice('topics/'.length)), scenario.groups);
  switch (route) {
    case 'clusters':
      return { clusters: scenario.clusters, serverMs: fixtureNowMs, version: '0.1.0' };
    case 'groups':
      return groupsOf(scenario, query);
    case 'findings':
      return findingsOf(scenario, query);
    case 'events':
      return { events: eventsOf(scenario, query.get('topic')), transitions: [] };
    case 'topics':
      return { total: topics.length, topics };
    case 'brokers':
      if (scenario.clusters.every(({ brokers: { known } }) => known === 0)) return { brokers: [] };
      return { brokers: brokers.map((broker) => ({ ...broker, cluster: query.get('cluster') })) };
    case 'partitions': {
      const found = partitions[query.get('state') ?? ''] ?? [];
      return { total: found.length, partitions: found };
    }
    case 'history':
      return { series: historyOf(query) };
    default:
      return null;
  }
}

function oneGroup(scenario: Scenario, groupId: string): object | null {
  const summary = scenario.groups.find((group) => group.groupId === groupId);
  return summary === undefined ? null : groupAnswer(summary, scenario.findings);
}

function eventsOf({ events }: Scenario, topic: string | null): object[] {
  return events.filter(({ subject }) => topic === null || subject.topic === topic);
}

function findingsOf({ findings }: Scenario, query: URLSearchParams): object {
  const codes = query.get('code')?.split(',');
  const found = findings.filter(({ code }) => codes === undefined || codes.includes(code));
  return { total: found.length, findings: found.slice(0, Number(query.get('limit') ?? 1000)) };
}

function groupsOf({ groups }: Scenario, query: URLSearchParams): object {
  const outlooks = query.get('outlook')?.split(',');
  const filter = query.get('filter') ?? '';
  const found = groups.filter(
    (group) => group.groupId.includes(filter) && (outlooks === undefined || outlooks.includes(group.outlook ?? '')),
  );
  const key = { lag: 'lag', timeLag: 'maxTimeLagSeconds', members: 'members' }[query.get('sort') ?? ''] as
    | 'lag'
    | undefined;
  const sign = query.get('order') === 'desc' ? -1 : 1;
  const sorted = key === undefined ? found : found.toSorted((a, b) => sign * ((a[key] ?? 0) - (b[key] ?? 0)));
  const offset = Number(query.get('offset') ?? 0);
  return { total: found.length, groups: sorted.slice(offset, offset + Number(query.get('limit') ?? 100)) };
}

function historyOf(query: URLSearchParams): object[] {
  const points = Number(query.get('points'));
  const partition = query.get('partition');
  if (partition !== null) {
    return query.getAll('field').map((field) => ({
      field,
      partition: Number(partition),
      points: historyPoints(field, Number(partition), points),
    }));
  }
  return Array.from({ length: 24 }, (_, number) => ({
    field: query.get('field'),
    partition: number,
    points: historyPoints(query.get('field') ?? '', number, points),
  }));
}

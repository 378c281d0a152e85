/** What is shown lives in the page's address, so that a link in the incident channel shows the same. */
export const views = ['groups', 'group', 'topics', 'topic', 'cluster', 'tidemark'] as const;
export type View = (typeof views)[number];

export const groupSorts = ['risk', 'name', 'lag', 'timeLag', 'loss', 'drain', 'rebalances', 'members'] as const;
export type GroupSort = (typeof groupSorts)[number];
export type Order = 'asc' | 'desc';

export const spansHours = [1, 4, 24] as const;

export interface Address {
  view: View;
  /** Only this cluster; null: all. */
  cluster: string | null;
  group: string | null;
  /** The topic that the topic view shows; of the group view with `partition` whose clocks and rates are shown, null: the worst. */
  topic: string | null;
  partition: number | null;
  filter: string;
  /** One outlook, or '' for all. */
  outlook: string;
  sort: GroupSort;
  order: Order;
  /** From 1. */
  page: number;
  /** Of the strip "What changed". */
  spanHours: number;
}

/** What an address leaves out. */
export const home: Address = {
  view: 'groups',
  cluster: null,
  group: null,
  topic: null,
  partition: null,
  filter: '',
  outlook: '',
  sort: 'risk',
  order: 'desc',
  page: 1,
  spanHours: 4,
};

/** Reads `?view=…`; what it does not understand falls back to `home`, never to an error. */
export function parseAddress(search: string): Address {
  const query = new URLSearchParams(search);
  const sort = oneOf(groupSorts, query.get('sort')) ?? home.sort;
  const view = oneOf(views, query.get('view')) ?? home.view;
  const group = query.get('group');
  const topic = query.get('topic');
  return {
    view: (view === 'group' && group === null) || (view === 'topic' && topic === null) ? home.view : view,
    cluster: query.get('cluster'),
    group,
    topic,
    partition: wholeNumber(query.get('partition'), 0),
    filter: query.get('filter') ?? '',
    outlook: query.get('outlook') ?? '',
    sort,
    order: oneOf(['asc', 'desc'] as const, query.get('order')) ?? naturalOrder(sort),
    page: wholeNumber(query.get('page'), 1) ?? home.page,
    spanHours: spansHours.find((hours) => String(hours) === query.get('span')) ?? home.spanHours,
  };
}

/** The query string of an address, with only what differs from `home`; `?` alone for home itself. */
export function formatAddress(address: Address): string {
  const query = new URLSearchParams();
  if (address.view !== home.view) query.set('view', address.view);
  for (const name of ['cluster', 'group', 'topic', 'partition'] as const) {
    const value = address[name];
    if (value !== null) query.set(name, String(value));
  }
  if (address.filter !== '') query.set('filter', address.filter);
  if (address.outlook !== '') query.set('outlook', address.outlook);
  if (address.sort !== home.sort) query.set('sort', address.sort);
  if (address.order !== naturalOrder(address.sort)) query.set('order', address.order);
  if (address.page !== home.page) query.set('page', String(address.page));
  if (address.spanHours !== home.spanHours) query.set('span', String(address.spanHours));
  return `?${query}`;
}

/** The order that a column is first sorted in: names upwards, else the worst first; a loss is worst when it is soon. */
export function naturalOrder(sort: GroupSort): Order {
  return sort === 'name' || sort === 'loss' ? 'asc' : 'desc';
}

export function groupAddress(cluster: string, groupId: string): Address {
  return { ...home, view: 'group', cluster, group: groupId };
}

export function topicAddress(cluster: string, topic: string): Address {
  return { ...home, view: 'topic', cluster, topic };
}

function oneOf<Word extends string>(words: readonly Word[], text: string | null): Word | undefined {
  return words.find((word) => word === text);
}

function wholeNumber(text: string | null, least: number): number | null {
  if (text === null || !/^\d{1,9}$/.test(text)) return null;
  return Math.max(least, Number(text));
}

import { Type } from 'typebox';
import { TidemarkError } from '../../model/errors.ts';
import type { ReportView } from '../../model/report-view.ts';
import {
  groupFields,
  type HistoryField,
  type HistoryKey,
  partitionFields,
  type SeriesReader,
  seriesFields,
} from '../../model/series-reader.ts';
import { EventAnswer, HistorySeries, TransitionAnswer } from '../../model/wire.ts';
import type { App, HttpParts } from '../app.ts';
import { clusterQuery, slotAsked, slotsAsked } from '../clusters-asked.ts';
import { pointsAnswer } from '../history-points.ts';
import { oneOf } from '../lists.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const fields = [...new Set<HistoryField>([...groupFields, ...seriesFields, ...partitionFields])];

const spanQuery = {
  fromMs: Type.Optional(Type.Number({ minimum: 0 })),
  toMs: Type.Optional(Type.Number({ minimum: 0, description: 'Now where it is not given' })),
};

const EventsQuery = Type.Object(
  {
    ...clusterQuery,
    ...spanQuery,
    topic: Type.Optional(Type.String({ description: 'Only what is about this topic or its partitions' })),
    limit: Type.Integer({ minimum: 1, maximum: 5000, default: 500 }),
  },
  { additionalProperties: false },
);

const HistoryQuery = Type.Object(
  {
    ...clusterQuery,
    groupId: Type.Optional(Type.String()),
    topic: Type.Optional(Type.String()),
    partition: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Without it: one entry a partition of the topic' }),
    ),
    field: Type.Array(oneOf(fields), { minItems: 1, maxItems: fields.length }),
    ...spanQuery,
    points: Type.Integer({ minimum: 2, maximum: 2000, default: 120 }),
  },
  { additionalProperties: false },
);
type HistoryQuery = Type.Static<typeof HistoryQuery>;

export function historyRoutes(app: App, { board, history, clock }: HttpParts): void {
  app.get(
    '/events',
    {
      schema: {
        operationId: 'listEvents',
        summary: 'What changed, and how findings came and went; newest first. From a day ago where fromMs is not given',
        querystring: EventsQuery,
        response: { 200: Type.Object({ events: Type.Array(EventAnswer), transitions: Type.Array(TransitionAnswer) }) },
      },
    },
    ({ query }) => {
      const { toMs = clock.wallMs(), limit, topic } = query;
      const { fromMs = toMs - dayMs } = query;
      const clusters = slotsAsked(board, query.cluster).map(({ name }) => name);
      const events = clusters.flatMap((cluster) =>
        history.events(cluster, fromMs, toMs, limit, topic).map((event) => ({ ...event, cluster })),
      );
      const transitions = clusters.flatMap((cluster) => history.transitions(cluster, fromMs, toMs, limit, topic));
      return { events: newest(events, limit), transitions: newest(transitions, limit) };
    },
  );

  app.get(
    '/history',
    {
      schema: {
        operationId: 'getHistory',
        summary:
          'Numbers of a group, of a partition, or of a group on partitions, over time. The last hour where fromMs is not given',
        querystring: HistoryQuery,
        response: { 200: Type.Object({ series: Type.Array(HistorySeries) }) },
      },
    },
    ({ query }) => {
      const slot = slotAsked(board, query.cluster);
      const { toMs = clock.wallMs() } = query;
      const span = { fromMs: query.fromMs ?? toMs - hourMs, toMs, points: query.points };
      const keys = keysAsked(slot.name, slot.view, query);
      for (const field of query.field) demandField(query, field);
      return { series: query.field.flatMap((field) => seriesOf(history, keys, field, span)) };
    },
  );
}

function newest<Entry extends { atMs: number }>(entries: readonly Entry[], atMost: number): Entry[] {
  return entries.toSorted((a, b) => b.atMs - a.atMs).slice(0, atMost);
}

/** What the query is about: the group, one partition, or each partition of the topic. */
function keysAsked(cluster: string, view: ReportView | null, query: HistoryQuery): HistoryKey[] {
  const { groupId, topic, partition } = query;
  const group = groupId === undefined ? {} : { groupId };
  if (topic === undefined) {
    if (groupId === undefined || partition !== undefined) {
      throw new TidemarkError('request.invalid', 'Give groupId, or topic, or both; partition only with topic.');
    }
    return [{ cluster, ...group }];
  }
  if (partition !== undefined) return [{ cluster, ...group, topic, partition }];
  return partitionsOf(view, topic, groupId).map((each) => ({ cluster, ...group, topic, partition: each }));
}

/** Of a topic those that it has; of a group on a topic those that it has committed to or is assigned. */
function partitionsOf(view: ReportView | null, topic: string, groupId: string | undefined): number[] {
  const topicRow = view?.topicRow(topic);
  if (view === null || topicRow === undefined) return [];
  const { partitions, topics, groups, series } = view.report;
  const groupRow = groupId === undefined ? undefined : view.groupRow(groupId);
  if (groupId !== undefined && groupRow === undefined) return [];
  const rows =
    groupRow === undefined
      ? Array.from(topics.partitionRows[topicRow]!)
      : Array.from(groups.seriesRows[groupRow]!, (row) => series.partitionRow[row]!);
  return rows
    .filter((row) => partitions.alive[row] === 1 && partitions.topicRow[row] === topicRow)
    .map((row) => partitions.partition[row]!)
    .sort((a, b) => a - b);
}

function demandField({ groupId, topic }: HistoryQuery, field: HistoryField): void {
  const [subject, known] =
    topic === undefined
      ? ['a group', groupFields]
      : groupId === undefined
        ? ['a partition', partitionFields]
        : ['a group on a partition', seriesFields];
  if ((known as readonly HistoryField[]).includes(field)) return;
  throw new TidemarkError(
    'request.invalid',
    `The query parameter "field" cannot be ${field} for ${subject}: there is ${known.join(', ')}.`,
  );
}

function seriesOf(
  history: SeriesReader,
  keys: readonly HistoryKey[],
  field: HistoryField,
  span: { fromMs: number; toMs: number; points: number },
): HistorySeries[] {
  const all = history.pointsOfMany(keys, field, span.fromMs, span.toMs, span.points);
  return keys.map(({ topic, partition }, i) => ({
    field,
    ...(topic === undefined ? {} : { topic }),
    ...(partition === undefined ? {} : { partition }),
    points: pointsAnswer(all[i] ?? []),
  }));
}

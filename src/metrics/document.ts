import { catalogue, type Page, pageOf, sheddingOrder } from './catalogue.ts';
import { type MetricFamily, rowLabels } from './family.ts';
import { selfCatalogue } from './self-metrics.ts';

interface Entry {
  name: string;
  type: string;
  stability: string;
  labels: readonly string[];
  help: string;
}

/** docs/metrics.md, from the catalogue. */
export function metricsDocument(): string {
  return [
    '# Metrics',
    '',
    'Generated from `src/metrics` by `npm run generate`; do not edit.',
    '',
    'Every family has the label `kafka_cluster` too (its name is the setting `metrics.clusterLabel`), except those of the process.',
    'Stable names change only with a minor version that still has the old one; experimental ones may change at any time.',
    'What is unknown is absent, never 0 or -1. `/metrics` holds the second part too on clusters below 20,000 group and partition',
    'rows, and with `?detail=partition`.',
    '',
    '## /metrics',
    '',
    ...table(entriesOf('main')),
    '',
    '## /metrics/partitions',
    '',
    ...table(entriesOf('detail')),
    '',
    '## tidemark itself',
    '',
    "On `/metrics`, beside prom-client's `process_` and `nodejs_` families.",
    '',
    ...table(Object.values(selfCatalogue)),
    '',
    '## Beyond the budget',
    '',
    'When all samples together pass the setting `metrics.sampleBudget`, whole families leave until restart, in this order, so that',
    'what stays is complete; `tidemark_series_dropped` counts what left.',
    '',
    ...sheddingOrder.map((name, i) => `${i + 1}. \`${name}\``),
    '',
  ].join('\n');
}

function entriesOf(page: Page): Entry[] {
  return catalogue.filter((family) => pageOf(family) === page).map(entryOf);
}

function entryOf({ name, type, stability, rows, labels = [], help }: MetricFamily): Entry {
  return { name, type, stability, labels: [...rowLabels[rows], ...labels], help };
}

function table(entries: readonly Entry[]): string[] {
  return [
    '| name | type | labels | meaning |',
    '|---|---|---|---|',
    ...entries.map(
      ({ name, type, stability, labels, help }) =>
        `| \`${name}\` | ${type}${stability === 'stable' ? '' : `, ${stability}`} | ${labels.join(', ')} | ${help} |`,
    ),
  ];
}

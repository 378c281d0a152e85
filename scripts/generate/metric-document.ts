import { catalogue, pageOf } from '../../src/metrics/catalogue.ts';
import { rowLabels } from '../../src/metrics/family.ts';
import { selfCatalogue } from '../../src/metrics/self-metrics.ts';
import { code, document, sentence, table } from './markdown.ts';

const addresses = { main: '/metrics', detail: '/metrics/partitions' } as const;

/** docs/metrics.md: every family that is exported. */
export function metricDocument(): string {
  const head = ['Family', 'Type', 'Labels', 'Meaning'];
  return document(
    '# Metrics',
    'Every family carries the label `kafka_cluster` (`metrics.clusterLabel` names it) before its own, but for those of the process. ' +
      'What is unknown, and what does not apply, has no sample. Renamed families keep their old name for a minor version, those ' +
      'marked experimental may change in any.',
    ...(['main', 'detail'] as const).flatMap((page) => [
      `## ${code(addresses[page])}`,
      ...(page === 'detail'
        ? [
            '`/metrics?detail=partition` joins both pages; below 20,000 rows of groups and partitions `/metrics` holds both.',
          ]
        : []),
      table(
        head,
        catalogue
          .filter((family) => pageOf(family) === page)
          .map(({ name, type, rows, labels = [], help, stability }) => [
            code(name),
            type,
            [...rowLabels[rows], ...labels].map(code).join(', '),
            meaning(help, stability),
          ]),
      ),
    ]),
    '## tidemark itself',
    'On `/metrics`, beside the usual `process_` and `nodejs_` families.',
    table(
      head,
      Object.values(selfCatalogue).map(({ name, type, labels, help, stability }) => [
        code(name),
        type,
        labels.map(code).join(', '),
        meaning(help, stability),
      ]),
    ),
  );
}

function meaning(help: string, stability: string): string {
  return stability === 'stable' ? sentence(help) : `${sentence(help)} Experimental.`;
}

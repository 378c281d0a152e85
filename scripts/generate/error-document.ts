import { errorCatalogue } from '../../src/model/errors.ts';
import { code, document, table } from './markdown.ts';

const classes = {
  config: 'what the user wrote: commands end with status 2',
  upstream: 'what Kafka answered, or did not',
  store: 'the SQLite file',
  bug: 'ours',
} as const;

/** docs/errors.md: every code that a failure, a log line or an answer of the API may carry. */
export function errorDocument(): string {
  return document(
    '# Errors',
    'A failure in a report, an error in the log and an answer of the API carry one of these codes. Retry: whether a later cycle may ' +
      'succeed without anybody acting. Status: of the HTTP answer where a route ends with it.',
    table(
      ['Class', 'What it is about'],
      Object.entries(classes).map(([name, meaning]) => [code(name), meaning]),
    ),
    table(
      ['Code', 'Class', 'Retry', 'Status', 'Meaning', 'What to do'],
      Object.entries(errorCatalogue).map(([name, { class: kind, retry, status, meaning, advice }]) => [
        code(name),
        kind,
        retry ? 'yes' : 'no',
        String(status),
        meaning,
        advice,
      ]),
    ),
  );
}

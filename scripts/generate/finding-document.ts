import type { SettingSchema } from '../../src/config/settings.ts';
import { rules } from '../../src/evaluators/index.ts';
import { durationFormat, formatDuration } from '../../src/model/duration.ts';
import { code, document, table } from './markdown.ts';

const subjects: Readonly<Record<string, string>> = {
  series: 'one group on one partition',
  'group-topic': 'one group on one topic',
  group: 'one group',
  topic: 'one topic',
  partition: 'one partition',
  broker: 'one broker',
  'log-dir': 'one log directory of a broker',
  cluster: 'the cluster',
  'gone-offsets': 'one group, there or gone',
  collector: 'one of tidemark’s collectors',
};

/** docs/findings.md: every kind of finding, what it rests on, what helps, and the numbers that decide. */
export function findingDocument(): string {
  return document(
    '# Findings',
    'A finding is raised after the condition held for some polls, and cleared only by evidence, never by absence: without data it ' +
      'stays, held, for `findings.holdFindings`. Each threshold is a setting: `findings.<code>.<threshold>`.',
    table(
      ['Code', 'About', 'Severity', 'Meaning'],
      rules.map(({ code: name, subject, severity, doc }) => [
        `[${name}](#${name})`,
        subjects[subject] ?? subject,
        severity,
        doc.meaning,
      ]),
    ),
    ...rules.flatMap(({ code: name, doc, thresholds }) => [
      `## ${name}`,
      doc.meaning,
      `Rests on: ${doc.source}`,
      `What helps: ${doc.advice}`,
      table(
        ['Threshold', 'Default', 'Meaning'],
        Object.entries((thresholds as SettingSchema).properties ?? {}).map(([key, schema]) => [
          code(key),
          code(valueText(schema)),
          schema.description ?? '',
        ]),
      ),
    ]),
  );
}

function valueText(schema: SettingSchema): string {
  return schema.format === durationFormat ? formatDuration(schema.default as number) : String(schema.default);
}

import { type Finding, severities } from '../../model/finding.ts';
import type { RowFamily } from '../family.ts';
import { labelText } from '../labels.ts';

/** Open, explained by no other finding, and muted by no policy: what alerts are made from. */
export function isAlertable(finding: Finding): boolean {
  return finding.cause === null && finding.muted !== true;
}

/** Labels of one open finding; unique within a cluster, as long as its subject is. */
export function findingLabels(finding: Finding): string {
  return labelText({
    code: finding.code,
    severity: finding.severity,
    team: finding.team,
    group: finding.groupId,
    topic: finding.topic,
    partition: finding.partition,
    broker: finding.brokerId,
    log_dir: finding.logDir,
    collector: finding.collector,
  });
}

const subjectLabels = [
  'code',
  'severity',
  'team',
  'group',
  'topic',
  'partition',
  'broker',
  'log_dir',
  'collector',
] as const;

export const findingFamilies: readonly RowFamily[] = [
  {
    name: 'tidemark_finding',
    type: 'gauge',
    help: 'An open finding that no other one explains and no policy mutes: always 1',
    stability: 'stable',
    rows: 'finding',
    labels: subjectLabels,
    sample: ({ report }, row, write) => write(1, findingLabels(report.findings[row]!)),
  },
  {
    name: 'tidemark_finding_since_timestamp_seconds',
    type: 'gauge',
    help: 'First poll whose data met the condition of the finding, Unix time',
    stability: 'stable',
    rows: 'finding',
    labels: subjectLabels,
    sample: ({ report }, row, write) =>
      write(report.findings[row]!.sinceMs / 1000, findingLabels(report.findings[row]!)),
  },
  {
    name: 'tidemark_findings',
    type: 'gauge',
    help: 'Open findings that no other one explains and no policy mutes, by code and severity; 0 where there is none',
    stability: 'stable',
    rows: 'cluster',
    labels: ['code', 'severity'],
    staleToo: true,
    sample: ({ report, findingCodes }, _row, write) => {
      const counts = countBy(report.findings.filter(isAlertable), ({ code, severity }) =>
        labelText({ code, severity }),
      );
      for (const code of findingCodes) {
        for (const severity of severities) {
          const labels = labelText({ code, severity });
          write(counts.get(labels) ?? 0, labels);
        }
      }
    },
  },
  {
    name: 'tidemark_findings_explained',
    type: 'gauge',
    help: 'Open findings that another one explains, by code and by the code of the cause',
    stability: 'stable',
    rows: 'cluster',
    labels: ['code', 'cause'],
    staleToo: true,
    sample: ({ report }, _row, write) => {
      const explained = report.findings.filter((finding) => finding.cause !== null);
      const counts = countBy(explained, ({ code, cause }) => labelText({ code, cause: cause?.code }));
      for (const [labels, count] of counts) write(count, labels);
    },
  },
  {
    name: 'tidemark_findings_raised_total',
    type: 'counter',
    help: 'Findings that were ever raised, by code',
    stability: 'stable',
    rows: 'cluster',
    labels: ['code'],
    staleToo: true,
    sample: ({ report, findingCodes }, _row, write) => {
      for (const code of findingCodes) write(report.findingsRaised.get(code) ?? 0, labelText({ code }));
    },
  },
];

function countBy(findings: readonly Finding[], key: (finding: Finding) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(key(finding), (counts.get(key(finding)) ?? 0) + 1);
  return counts;
}

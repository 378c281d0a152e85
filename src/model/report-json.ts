import { groupReport } from './group-json.ts';
import type { Report } from './report.ts';
import { aliveRows, ReportView } from './report-view.ts';
import { brokerReport, topicReport } from './topic-json.ts';

/** A whole Report as a `report` line of replay has it. Its parts are those that the API serves; this is the only place that makes all. */
export function reportToJson(report: Report) {
  const view = new ReportView(report);
  return {
    atMs: report.atMs,
    cluster: report.cluster,
    groups: Array.from(aliveRows(report.groups), (row) => groupReport(view, row)),
    topics: Array.from(aliveRows(report.topics), (row) => topicReport(view, row)),
    brokers: report.brokers.map((_, row) => brokerReport(view, row)),
    findings: report.findings,
  };
}

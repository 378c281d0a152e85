import type { MeasureSettings } from '../../evaluators/measures/index.ts';
import { ingestCluster } from './cluster.ts';
import { ingestCommits } from './commits.ts';
import type { Intake } from './intake.ts';
import { ingestLogDirs } from './log-dirs.ts';
import { ingestMembership, type MembershipChange } from './membership.ts';
import { ingestEnds, ingestLogStarts, ingestTimeAnswers } from './offsets.ts';
import { ingestQuorum } from './quorum.ts';
import { ingestLogSizes, ingestPermissions, ingestSettings } from './settings.ts';

export { Intake } from './intake.ts';
export type { MembershipChange } from './membership.ts';

/** Takes a snapshot into the history; gives back the groups whose membership it read. */
export function ingest(intake: Intake, settings: MeasureSettings): readonly MembershipChange[] {
  const { history, keeping } = intake;
  for (const topic of history.topics) topic.change = null;
  ingestCluster(intake);
  keeping.refreshSeriesRows();
  ingestSettings(intake);
  ingestLogStarts(intake);
  const changes = ingestMembership(intake);
  keeping.refreshSeriesRows();
  ingestCommits(intake);
  keeping.refreshSeriesRows();
  ingestEnds(intake, settings.windowMin);
  ingestLogSizes(intake);
  ingestLogDirs(intake, settings);
  ingestQuorum(intake);
  ingestPermissions(intake);
  ingestTimeAnswers(intake);
  return changes;
}

import { diskFill, type MeasureSettings } from '../../evaluators/measures/index.ts';
import type { LogDirHistory } from '../../history/log-dir-history.ts';
import type { Intake } from './intake.ts';

/** Space of the directories that logs lie in, and how they fill. */
export function ingestLogDirs(intake: Intake, settings: MeasureSettings): void {
  const { history, snapshot } = intake;
  const read = snapshot.reads['log-dirs'];
  if (read === undefined) return;
  for (const [brokerId, dirs] of Map.groupBy(read.value.logDirs, (dir) => dir.brokerId)) {
    for (const dir of history.logDirs.set(brokerId, dirs, intake.readAt(read, brokerId))) measure(dir, settings);
  }
  history.logDirs.forget(intake.moment.nowMs - settings.goneMemory);
}

function measure(dir: LogDirHistory, { diskWatchMin }: MeasureSettings): void {
  const { totalBytes, usableBytes, usage, readAt } = dir;
  if (totalBytes === null || usableBytes === null || dir.error !== null) return;
  const usedBytes = totalBytes - usableBytes;
  const beginsSpan = usage.add(readAt, usedBytes);
  const grows = dir.fill !== null && dir.fill.bytesPerSecond > 0;
  // A fifth of a millisecond for each directory: those that stand still wait until a whole span is new.
  if (beginsSpan || grows) dir.fill = diskFill(usage.spans, { usedBytes, totalBytes, atMs: readAt }, diskWatchMin);
}

import { ages, type Ownership, ownerships, type Tables, timeLagMethods } from '../../model/report.ts';
import { countOf, spokenSeconds } from '../wording.ts';
import { known, oldestCollector } from './group-reading.ts';
import type { LeftBehind } from './row-types.ts';

const stale = ages.indexOf('stale');
const residue = timeLagMethods.indexOf('residue');

const nothing: LeftBehind = {
  partitions: 0,
  allPartitions: 0,
  unknownPartitions: 0,
  unreadRecords: 0,
  unreadPartitions: 0,
  oldestUnreadSeconds: null,
  timeToLossEarliestSeconds: null,
  timeToLossLatestSeconds: null,
  lastProgressMs: null,
  staleCollector: null,
  worst: null,
};

/** Sums up those of the series that nobody reads in the way that `ownership` says. */
export function leftBehind(
  tables: Tables,
  rows: Iterable<number>,
  ownership: Extract<Ownership, 'abandoned' | 'dropped'>,
): LeftBehind {
  const { series } = tables;
  const code = ownerships.indexOf(ownership);
  const left = { ...nothing };
  for (const row of rows) {
    left.allPartitions++;
    if (series.ownership[row] === 0) left.unknownPartitions++;
    if (series.ownership[row] !== code) continue;
    left.partitions++;
    const progressMs = known(series.lastProgressMs[row]);
    if (progressMs !== null) left.lastProgressMs = Math.max(left.lastProgressMs ?? 0, progressMs);
    if (series.age[row] === stale || Number.isNaN(series.lag[row]!))
      left.staleCollector ??= oldestCollector(tables, row);
    else if (series.lag[row]! > 0 && series.timeLagMethod[row] !== residue) addUnread(left, tables, row);
  }
  return left;
}

function addUnread(left: LeftBehind, tables: Tables, row: number): void {
  const { series, partitions, topics } = tables;
  const lag = series.lag[row]!;
  left.unreadRecords += lag;
  left.unreadPartitions++;
  const earliest = known(series.timeToLossEarliestSeconds[row]);
  if (earliest !== null && earliest < (left.timeToLossEarliestSeconds ?? Number.POSITIVE_INFINITY)) {
    left.timeToLossEarliestSeconds = earliest;
    left.timeToLossLatestSeconds = known(series.timeToLossLatestSeconds[row]);
  }
  const timeLagSeconds = known(series.timeLagSeconds[row]);
  const isWorse = left.worst === null || (timeLagSeconds ?? -1) > (left.worst.timeLagSeconds ?? -1);
  if (!isWorse) return;
  const partitionRow = series.partitionRow[row]!;
  const topic = topics.topic[partitions.topicRow[partitionRow]!]!;
  left.oldestUnreadSeconds = timeLagSeconds;
  left.worst = { topic, partition: partitions.partition[partitionRow]!, lag, timeLagSeconds };
}

/** A type, not an interface: evidence is a record. */
type LeftBehindEvidence = Omit<LeftBehind, 'unknownPartitions' | 'staleCollector'> & { timeToDrainSeconds: null };

/** Lag and both clocks: of these one never runs. */
export function leftBehindEvidence(left: LeftBehind): LeftBehindEvidence {
  const { unknownPartitions: _unknown, staleCollector: _stale, ...numbers } = left;
  return { ...numbers, timeToDrainSeconds: null };
}

/** `12,345 records on 3 partitions unread, the oldest for 2 d, the first deleted in 5 d`. */
export function leftBehindWords(left: LeftBehindEvidence): string {
  const { unreadRecords, unreadPartitions, oldestUnreadSeconds, timeToLossEarliestSeconds } = left;
  const unread = `${countOf(unreadRecords, 'record')} on ${countOf(unreadPartitions, 'partition')} unread`;
  const oldest = oldestUnreadSeconds === null ? '' : `, the oldest for ${spokenSeconds(oldestUnreadSeconds)}`;
  return `${unread}${oldest}${lossWords(timeToLossEarliestSeconds)}`;
}

function lossWords(earliestSeconds: number | null): string {
  if (earliestSeconds === null) return '';
  return earliestSeconds > 0
    ? `, the first deleted in ${spokenSeconds(earliestSeconds)}`
    : ', the first being deleted now';
}

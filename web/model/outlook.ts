import type { GroupSummary, Outlook, SeriesAnswer } from './answers.ts';
import { trendWait, whyUnknown } from './unknown.ts';
import { durationWords, spanWords } from './words.ts';

/** How a thing is coloured and marked; every tone has a word or a shape of its own beside the colour. */
export type Tone = 'bad' | 'warn' | 'good' | 'unknown' | 'plain';

/** One number in words, how sure it is and how it was come by (for the hover), and its tone. */
export interface Figure {
  text: string;
  title: string;
  tone: Tone;
}

export const outlookWords: Readonly<Record<NonNullable<Outlook>, string>> = {
  losing: 'loses data now',
  'loses-first': 'loses before it drains',
  'insufficient-data': 'trend not known yet',
  'drains-before-loss': 'drains before it loses',
  'keeps-up': 'keeps up',
};

const outlookTitles: Readonly<Record<NonNullable<Outlook>, string>> = {
  losing: 'Retention has already deleted records that were not read.',
  'loses-first': 'At the present rates retention deletes unread records before the group has caught up.',
  'insufficient-data': 'The rates or the retention are not known yet, so nothing is claimed.',
  'drains-before-loss': 'Behind, but it will have caught up before retention deletes what is unread.',
  'keeps-up': 'Nothing unread is at risk at the present rates.',
};

type Clocks = Pick<
  SeriesAnswer,
  | 'outlook'
  | 'lagTrend'
  | 'lossBy'
  | 'timeToDrainSeconds'
  | 'timeToLossEarliestSeconds'
  | 'timeToLossLatestSeconds'
  | 'retentionUsedRatio'
  | 'unknown'
> & { trendKnownInSeconds?: number | null };

/** As the default of `lossPageSeconds`: a loss nearer than this wakes somebody. */
const nearSeconds = 4 * 3600;

/** Loses data, and soon: within hours, or with half of the retention used. A loss a week away is said without alarm. */
export function losesSoon(row: Pick<Clocks, 'outlook' | 'timeToLossEarliestSeconds' | 'retentionUsedRatio'>): boolean {
  if (row.outlook === 'losing') return true;
  if (row.outlook !== 'loses-first') return false;
  return (row.timeToLossEarliestSeconds ?? 0) <= nearSeconds || (row.retentionUsedRatio ?? 0) >= 0.5;
}

const notRead: Figure = { text: 'not read yet', title: 'Nothing was read of this group yet.', tone: 'unknown' };
const notJudged: Figure = {
  text: 'nobody reads it',
  title: 'Without a consumer for long, or its topics are unsubscribed: nobody is meant to read them.',
  tone: 'unknown',
};

/** The outlook in words; while a window fills, when it will be known. */
export function outlookFigure(
  row: Pick<
    GroupSummary,
    'outlook' | 'trendKnownInSeconds' | 'age' | 'readAtMs' | 'timeToLossEarliestSeconds' | 'retentionUsedRatio'
  >,
): Figure {
  if (row.age === 'stale')
    return { text: 'too old to judge', title: 'It could not be read for long.', tone: 'unknown' };
  if (row.outlook === null) return row.readAtMs === null ? notRead : notJudged;
  const title = outlookTitles[row.outlook];
  if (row.outlook === 'insufficient-data') {
    const waits = row.trendKnownInSeconds;
    return { text: waits ? trendWait(waits) : outlookWords[row.outlook], title, tone: 'unknown' };
  }
  return { text: outlookWords[row.outlook], title, tone: losesSoon(row) ? 'bad' : 'plain' };
}

export function outlookTone(outlook: Outlook): Tone {
  if (outlook === 'losing' || outlook === 'loses-first') return 'bad';
  return outlook === null || outlook === 'insufficient-data' ? 'unknown' : 'good';
}

/** The clock to loss: earliest bound large, both bounds on hover. */
export function lossFigure(row: Clocks): Figure {
  if (row.outlook === 'losing') {
    return { text: 'now', title: 'Retention has passed the committed offset: unread records are gone.', tone: 'bad' };
  }
  const why = whyUnknown(row, 'timeToLossEarliestSeconds');
  if (why !== null) return { text: 'not known', title: `Time to loss is not known: ${why}.`, tone: 'unknown' };
  const earliest = row.timeToLossEarliestSeconds;
  if (earliest === null) {
    return {
      text: 'no loss',
      title: 'No loss ahead within 20 times the retention at the present rates.',
      tone: 'plain',
    };
  }
  return {
    text: earliest < 1 ? 'any moment' : durationWords(earliest),
    title: `Retention ${byWords(row.lossBy)} deletes the first unread record in ${spanWords(earliest, row.timeToLossLatestSeconds)}: the record expires, or its whole segment goes.`,
    tone: losesSoon(row) ? 'bad' : 'plain',
  };
}

/** `by time`, `by size`, `as seen` for the cause of a loss. */
export function byWords(lossBy: Clocks['lossBy']): string {
  if (lossBy === 'observed') return 'as its log start was seen to move';
  return lossBy === null ? '' : `by ${lossBy}`;
}

/** The clock to drain. A group that neither gains nor falls behind is steady, which is healthy. */
export function drainFigure(row: Clocks): Figure {
  const why = whyUnknown(row, 'timeToDrainSeconds');
  if (why !== null) return { text: 'not known', title: `Time to drain is not known: ${why}.`, tone: 'unknown' };
  const seconds = row.timeToDrainSeconds;
  if (seconds === 0) return { text: 'caught up', title: 'Everything that can be read was read.', tone: 'plain' };
  if (seconds !== null) {
    return {
      text: durationWords(seconds),
      title: 'Unread records divided by how much faster it reads than is written (slowest partition).',
      tone: 'plain',
    };
  }
  if (row.lagTrend === 'steady') {
    return {
      text: 'steady',
      title: 'It reads as fast as is written: the lag neither grows nor drains.',
      tone: 'plain',
    };
  }
  return {
    text: row.outlook === 'keeps-up' ? 'not draining' : 'never',
    title: 'Not draining: it does not read faster than is written, beyond the noise of both rates.',
    tone: losesSoon(row) ? 'bad' : 'plain',
  };
}

/** How far behind in time, against the owner's promise where there is one. */
export function behindFigure(row: {
  seconds: number | null;
  sloSeconds: number | null;
  why: string | null;
  atLeast?: boolean;
}): Figure {
  if (row.why !== null) return { text: 'not known', title: `Time lag is not known: ${row.why}.`, tone: 'unknown' };
  if (row.seconds === null)
    return { text: 'none', title: 'Nothing is committed, so there is no time lag.', tone: 'plain' };
  const over = row.sloSeconds !== null && row.seconds > row.sloSeconds;
  const promise =
    row.sloSeconds === null
      ? 'No SLO is set.'
      : `The SLO is ${durationWords(row.sloSeconds)}${over ? ': breached' : ''}.`;
  return {
    text: `${row.atLeast ? 'over ' : ''}${durationWords(row.seconds)}`,
    title: `How long ago the first unread record was written (largest of its partitions). ${promise}`,
    tone: over ? 'warn' : 'plain',
  };
}

/** What is to be reached (issue 5), line by line. A line whose figure nobody could take yet is neither reached nor missed. */
import type { ScoreResult } from './score.ts';

/** Codes of which hardly any may be missed, and of which more cases are judged. */
export const firstRank: ReadonlySet<string> = new Set([
  'will-lose-data',
  'lost-data',
  'stuck-partition',
  'stalled',
  'stopped',
  'offline-partition',
  'under-min-isr',
]);

const targets = {
  recallOfFirstRank: 0.99,
  recallOfWarnings: 0.95,
  medianDelayPolls: 3,
  alarmsPerGroupDay: 0.01,
  criticalsPerClusterMonth: 1,
  truthWithin: 0.99,
  widthOfAllowed: 1,
};

export interface Line {
  what: string;
  figure: number;
  /** As it is said: `>= 0.99`. */
  target: string;
  isReached: boolean | null;
}

export function linesOf({ codes, healthy, timeToLoss }: ScoreResult): Line[] {
  return [
    ...codes.flatMap(({ code, severity, recall, medianDelayPolls }) => {
      const least = firstRank.has(code) ? targets.recallOfFirstRank : targets.recallOfWarnings;
      // Infos wake nobody: their recall is shown, and no target is set for it.
      const ofRecall = severity === 'info' ? [] : [atLeast(`recall of ${code}`, recall.share, least)];
      return [...ofRecall, atMost(`median delay of ${code}, polls`, medianDelayPolls, targets.medianDelayPolls)];
    }),
    atMost('false alarms a healthy group-day', healthy.alarmsPerGroupDay.rate, targets.alarmsPerGroupDay),
    atMost(
      'criticals a healthy cluster-month',
      healthy.criticalsPerClusterMonth.rate,
      targets.criticalsPerClusterMonth,
    ),
    atLeast('true time of loss within [earliest, latest]', timeToLoss.within.share, targets.truthWithin),
    atMost(
      'median width of that interval, of what is allowed',
      timeToLoss.medianWidthOfAllowed,
      targets.widthOfAllowed,
    ),
  ];
}

/** Whether a code's recall and delay are where they should be; null: no case, or no target. */
export function isCodeReached(lines: readonly Line[], code: string): boolean | null {
  const own = lines.filter(({ what }) => what.endsWith(` of ${code}`) || what.endsWith(` of ${code}, polls`));
  const known = own.map(({ isReached }) => isReached).filter((reached) => reached !== null);
  return known.length === 0 ? null : known.every(Boolean);
}

function atLeast(what: string, figure: number, least: number): Line {
  return { what, figure, target: `>= ${least}`, isReached: Number.isNaN(figure) ? null : figure >= least };
}

function atMost(what: string, figure: number, most: number): Line {
  return { what, figure, target: `<= ${most}`, isReached: Number.isNaN(figure) ? null : figure <= most };
}

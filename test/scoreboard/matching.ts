/** Which finding was about which truth. */
import type { Severity } from '../../src/model/finding.ts';
import type { AlarmSpan } from './baselines.ts';
import type { Subject } from './labels/label.ts';
import type { Episode } from './truth-book.ts';
import type { Alarm } from './watch.ts';

/** A finding that comes so long after its condition has ended still tells of it. */
const slackPolls = 3;
/** A finding that long before or after the exact state met the rule was about it. A loss may be foreseen from further off. */
const nearPolls = 40;

/** The finding about an episode that was at least that urgent before the episode was over; its first poll is when it became so. */
export function alarmFor(alarms: readonly Alarm[], episode: Episode, severity: Severity): AlarmSpan | undefined {
  for (const { code, subject, reached, lastPoll } of alarms) {
    const firstPoll = reached[severity];
    if (code !== episode.code || firstPoll === undefined || !isAbout(subject, episode.subject)) continue;
    if (overlaps({ firstPoll, lastPoll }, episode)) return { firstPoll, lastPoll };
  }
  return undefined;
}

/** Whether the exact state met the rule of the finding, by its critical part where `critical`, at some poll near. */
export function isFounded(episodes: readonly Episode[], alarm: Alarm, critical = false): boolean {
  const aheadPolls = alarm.code === 'will-lose-data' ? Number.POSITIVE_INFINITY : nearPolls;
  return episodes.some(({ code, subject, firstPoll, lastPoll, criticalFromPoll }) => {
    const fromPoll = critical ? (criticalFromPoll ?? Number.POSITIVE_INFINITY) : firstPoll;
    const isNear = fromPoll <= alarm.lastPoll + aheadPolls && lastPoll >= alarm.firstPoll - nearPolls;
    return code === alarm.code && isAbout(alarm.subject, subject) && isNear;
  });
}

export function overlaps(alarm: AlarmSpan, episode: AlarmSpan): boolean {
  return alarm.firstPoll <= episode.lastPoll + slackPolls && alarm.lastPoll >= episode.firstPoll;
}

/** Whether what a finding names holds all that the truth names. */
function isAbout(named: Subject, truth: Subject): boolean {
  return (Object.keys(truth) as (keyof Subject)[]).every((field) => named[field] === truth[field]);
}

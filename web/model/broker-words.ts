/** How full the disks of a broker are, and how the controllers follow each other, in words. */
import type { BrokerReport, ClusterAnswer } from './answers.ts';
import type { Tone } from './outlook.ts';
import { bytesWords, durationWords, percentWords, plural } from './words.ts';

type LogDir = BrokerReport['logDirs'][number];
export type Quorum = NonNullable<ClusterAnswer['quorum']>;
type Voter = Quorum['voters'][number];

/** A line for each log directory, the fullest first; several are told apart by their paths. */
export function diskLines(logDirs: readonly LogDir[]): string[] {
  if (logDirs.length === 0) return ['not read'];
  const byUse = logDirs.toSorted((a, b) => usedRatio(b) - usedRatio(a));
  return byUse.map((dir) => (logDirs.length === 1 ? diskWords(dir) : `${dir.path}: ${diskWords(dir)}`));
}

/** An offline directory comes before any that is full. */
function usedRatio({ error, totalBytes, usableBytes }: LogDir): number {
  if (error !== null) return 2;
  return totalBytes === null || usableBytes === null ? -1 : 1 - usableBytes / totalBytes;
}

function diskWords(dir: LogDir): string {
  const { error, totalBytes, usableBytes, timeToFullSeconds, age } = dir;
  const old = age === 'stale' ? ', as read last' : '';
  if (error !== null) return `offline (${error})${old}`;
  if (totalBytes === null || usableBytes === null) return 'size not told (before Kafka 3.3)';
  const full = timeToFullSeconds === null ? '' : `, full in ${durationWords(timeToFullSeconds)}`;
  return `${percentWords(usedRatio(dir))} used, ${bytesWords(usableBytes)} free${full}${old}`;
}

/** Who leads the metadata quorum, in a sentence. */
export function quorumSentence({ leaderId, leaderEpoch, leaderChangesLastHour, age }: Quorum): string {
  const leader = leaderId === null ? 'Nobody is known to lead it' : `Node ${leaderId} leads it`;
  const epoch = leaderEpoch === null ? '' : `, in epoch ${leaderEpoch}`;
  const changes = leaderChangesLastHour === 0 ? 'no change' : plural(leaderChangesLastHour, 'change');
  return `${leader}${epoch}: ${changes} in the last hour.${age === 'stale' ? ' It cannot be read now.' : ''}`;
}

/** What one voter lacks, and when it fetched last. */
export function voterWords(voter: Voter, leaderId: number | null): { tone: Tone; text: string } {
  if (voter.brokerId === leaderId) return { tone: 'good', text: 'leads' };
  const { lag, silentSeconds } = voter;
  const lacks =
    lag === null ? 'not heard of by this leader' : lag === 0 ? 'lacks nothing' : `${plural(lag, 'record')} behind`;
  const fetched = silentSeconds === null ? '' : `, last fetch ${durationWords(Math.round(silentSeconds))} ago`;
  return { tone: lag === null || (silentSeconds ?? 0) >= 60 ? 'warn' : 'good', text: `${lacks}${fetched}` };
}

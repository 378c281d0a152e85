import type { Unknowns } from './answers.ts';
import { durationWords } from './words.ts';

/** The reasons of the report (`unknownReasons`), in words that fit after "not known: ". */
const reasonWords: Readonly<Record<string, string>> = {
  'insufficient-data': 'too few samples yet',
  'no-commit': 'nothing was committed yet',
  'end-offset-unread': 'the end offset was not read',
  'log-start-unread': 'the log start was not read',
  'membership-unread': 'the members were not read yet',
  'retention-unread': "the topic's retention was not read",
  'size-unread': 'the size of the log was not read',
  stale: 'the data is too old to judge',
  'one-movement': 'one commit seen; a rate needs two',
};

export interface MayBeUnknown {
  unknown: Unknowns;
  trendKnownInSeconds?: number | null;
}

/** Why that field is unknown, in words; null where it is known or does not apply. */
export function whyUnknown(row: MayBeUnknown, field: string): string | null {
  const reason = row.unknown[field];
  if (reason === undefined) return null;
  const waits = row.trendKnownInSeconds;
  if (reason === 'insufficient-data' && waits != null && waits > 0) return trendWait(waits);
  return reasonWords[reason] ?? reason.replaceAll('-', ' ');
}

export function trendWait(seconds: number): string {
  return `trend known in ${durationWords(seconds)}`;
}

import { Type } from 'typebox';
import { clear, defineRule, type Evidence, hysteresis, unknown } from '../rule.ts';
import { countOf } from '../wording.ts';

/** What was held and is no longer. */
interface DataMissing extends Evidence {
  collector: string;
  expiredAtMs: number;
  held: readonly { id: string; code: string; [field: string]: unknown }[];
}

/** As many as a page can list; the rest are counted. */
const listedAtMost = 100;

export const dataMissing = defineRule({
  code: 'data-missing',
  subject: 'collector',
  severity: 'warning',
  thresholds: Type.Object(hysteresis({ raiseAfterPolls: 1, because: 'it is raised where a hold ends, after an hour' })),
  doc: {
    meaning: 'Findings were cleared only because nothing could be read for too long: they may well be true still.',
    source: 'The ledger, when it ends the hold of a finding (holdFindings).',
    advice: 'Find out why the collector does not read, and look at the subjects of the held findings by other means.',
  },
  // Raised by the ledger alone: whoever holds findings knows when a hold ends.
  suspect: () => false,
  judge({ status }) {
    return status.outcome === 'ok' ? clear() : unknown('still-unread');
  },
  renew: (before: DataMissing, now: DataMissing) => ({
    ...now,
    held: [...now.held, ...before.held].slice(0, listedAtMost),
    heldCount: countHeld(before) + countHeld(now),
  }),
  summary(evidence) {
    const codes = [...new Set(evidence.held.map(({ code }) => code))].sort();
    const held = countOf(countHeld(evidence), 'finding');
    return `${evidence.collector} has read nothing of them for so long that ${held} could not be held (${codes.join(', ')})`;
  },
});

function countHeld(evidence: DataMissing): number {
  return typeof evidence.heldCount === 'number' ? evidence.heldCount : evidence.held.length;
}

import { Type } from 'typebox';
import { countingFailures, isFailing } from '../judging/failing-run.ts';
import { clear, defineRule, hysteresis } from '../rule.ts';

export const collectorFailing = defineRule({
  code: 'collector-failing',
  subject: 'collector',
  severity: 'warning',
  thresholds: Type.Object({
    failingPolls: Type.Integer({
      default: 3,
      minimum: 1,
      description:
        'runs in a row of one collector that did not read everything: one or two are an election or a restart',
    }),
    ...hysteresis({ raiseAfterPolls: 1, because: 'failing runs are counted by failingPolls already' }),
  }),
  doc: {
    meaning: 'tidemark cannot read a part of the cluster; what it shows of that part is old.',
    source: 'Outcome of the collector, run by run.',
    advice:
      'Read the message: a broker that is down, frozen or cut off, or a listener that is not reachable from here.',
  },
  judge({ status }, thresholds) {
    if (!isFailing(status, status.failures)) return clear();
    const failures = countingFailures(status.failures);
    if (status.failingPolls < thresholds.failingPolls) return { is: 'unknown', reason: 'too-few-polls' };
    return {
      is: 'raise',
      evidence: {
        collector: status.collector,
        failingPolls: status.failingPolls,
        outcome: status.outcome,
        lastSuccessMs: status.lastSuccessMs,
        codes: [...new Set(failures.map((failure) => failure.code))],
        brokers: [...new Set(failures.flatMap((failure) => failure.brokerId ?? []))],
        message: failures.find((failure) => failure.message !== undefined)?.message ?? null,
      },
    };
  },
  summary(evidence) {
    const what = evidence.outcome === 'failed' ? 'nothing' : 'only a part';
    const why = evidence.message === null ? '' : `: ${evidence.message}`;
    return `${evidence.collector} has read ${what} in ${evidence.failingPolls} polls running${why}`;
  },
});

/** What is written to a topic, and what its settings and partitions become. */
import { minuteMs } from '../plan.ts';
import type { PartitionState, SimulatedTopic } from '../simulated-topic.ts';
import { eachGroup, isRead, type Label, type Moment, memory, type SeriesMoment } from './label.ts';
import { lasting } from './lasting.ts';
import { lowerMedianOf, RateWindow } from './rates.ts';
import { eachTopic, topicSubject } from './topology.ts';

/** docs/decisions.md: any new record within so long. */
const growsWithinMs = 10 * minuteMs;
/** Names of dead letter queues, as docs/findings.md lists them. */
const deadLetterName = /(^dlq[._-]|[._-]dl[qt]$|dead[._-]?letter)/i;
/** docs/findings.md: how skewed, how busy, and for how long. */
const skew = { ratio: 5, recordsPerSecond: 1, forMs: 15 * minuteMs };
/** A setting shows when topic configs are read next. */
const configsEveryMs = minuteMs;

const deadLetterGrowing: Label = {
  code: 'dead-letter-growing',
  severity: 'warning',
  begin() {
    const seenOf = memory<SimulatedTopic, { topicId: string; records: number; grewAtMs: number }>(() => ({
      ...{ topicId: '', records: 0, grewAtMs: Number.NaN },
    }));
    return ({ nowMs, ...moment }, holds) => {
      eachTopic({ nowMs, ...moment }, (topic) => {
        const seen = seenOf(topic);
        const records = topic.partitions.reduce((sum, { log }) => sum + log.endOffset, 0);
        const isSame = seen.topicId === topic.topicId;
        const grewAtMs = isSame && records > seen.records ? nowMs : isSame ? seen.grewAtMs : Number.NaN;
        Object.assign(seen, { topicId: topic.topicId, records, grewAtMs });
        if (deadLetterName.test(topic.topic) && nowMs - grewAtMs <= growsWithinMs) holds(topicSubject(topic));
      });
    };
  },
};

const partitionSkew: Label = {
  code: 'partition-skew',
  severity: 'info',
  begin() {
    const windowOf = memory<PartitionState, RateWindow>(() => new RateWindow());
    const lasts = lasting<SimulatedTopic>();
    return (moment, holds) => {
      const { nowMs, intervalMs } = moment;
      eachTopic(moment, (topic) => {
        const rates = topic.partitions.map((state) => windowOf(state).rate(state.log.endOffset, nowMs, intervalMs));
        const isSo = isSkewed(rates);
        if (lasts(topic, isSo, nowMs) >= skew.forMs && isSo) holds(topicSubject(topic));
      });
    };
  },
};

/** The busiest gets so many times what the middle one of the others gets; a rate that is not known yet makes nothing skewed. */
function isSkewed(rates: readonly number[]): boolean {
  if (rates.some(Number.isNaN)) return false;
  const [busiest = 0, ...others] = rates.toSorted((a, b) => b - a);
  return busiest >= skew.recordsPerSecond && busiest >= skew.ratio * lowerMedianOf(others);
}

interface Limits {
  topicId: string;
  ms: number;
  bytes: number;
}

/** Retention as it was before it became shorter, and when it did. */
interface Shortening {
  now: Limits | null;
  before: Limits | null;
  atMs: number;
}

const retentionShortened: Label = {
  code: 'retention-shortened',
  severity: 'warning',
  isEvent: true,
  begin() {
    const shorteningOf = memory<SimulatedTopic, Shortening>(() => ({ now: null, before: null, atMs: Number.NaN }));
    return (moment, holds) => {
      eachTopic(moment, (topic) => {
        const seen = shorteningOf(topic);
        const now = limitsOf(topic);
        const isSame = seen.now !== null && seen.now.topicId === now.topicId;
        if (isSame && (now.ms < seen.now!.ms || now.bytes < seen.now!.bytes)) {
          Object.assign(seen, { before: seen.now, atMs: moment.nowMs });
        }
        seen.now = now;
        const isNews = moment.nowMs - seen.atMs <= configsEveryMs;
        if (isNews && someLose(moment, topic, seen.before!, now)) holds(topicSubject(topic));
      });
    };
  },
};

function limitsOf({ topicId, config: { retentionMs, retentionBytes } }: SimulatedTopic): Limits {
  const limit = (value: number) => (value < 0 ? Number.POSITIVE_INFINITY : value);
  return { topicId, ms: limit(retentionMs), bytes: limit(retentionBytes) };
}

/** Whether some group has unread what was kept before, and is not any more. */
function someLose(moment: Moment, topic: SimulatedTopic, before: Limits, now: Limits): boolean {
  let lose = false;
  eachGroup(moment, (_, series) => {
    lose ||= series.some(
      (one) => one.reader.state.topic === topic && isRead(one) && !exceeds(one, before) && exceeds(one, now),
    );
  });
  return lose;
}

function exceeds({ exact, reader }: SeriesMoment, { ms, bytes }: Limits): boolean {
  if (exact.unread === 0) return false;
  return exact.timeLagMs > ms || exact.lag * reader.state.topic.plan.recordBytes > bytes;
}

const partitionsAdded: Label = {
  code: 'partitions-added',
  severity: 'info',
  isEvent: true,
  begin() {
    const seenOf = memory<SimulatedTopic, { topicId: string; count: number }>(() => ({ topicId: '', count: 0 }));
    return (moment, holds) => {
      eachTopic(moment, (topic) => {
        const seen = seenOf(topic);
        const { topicId, partitions } = topic;
        if (seen.topicId === topicId && partitions.length > seen.count) holds(topicSubject(topic));
        Object.assign(seen, { topicId, count: partitions.length });
      });
    };
  },
};

export const topicLabels: readonly Label[] = [deadLetterGrowing, partitionSkew, retentionShortened, partitionsAdded];

import type { Clock } from '../../model/clock.ts';
import type { TimeAnswer, TimeProbe, TopicEndOffsets, TopicOffsets, TopicPartitions } from '../../model/snapshot.ts';
import type { Answer, PortFailure } from '../port.ts';
import { AnswerTimes } from './answer-times.ts';
import type { BrokerPool } from './broker-pool.ts';
import {
  earliestTimestamp,
  isolation,
  type ListedOffsets,
  type ListOffsetsResponse,
  type ListOffsetsTopic,
  latestTimestamp,
} from './list-offsets-codec.ts';
import { listOffsets } from './messages.ts';
import type { Router } from './router.ts';
import type { Routing } from './routing.ts';
import { partitionScope, type Rejection, type ScatteredQuestion, scatter } from './scatter.ts';

/** One partition to ask at one timestamp (Kafka's special ones are negative). */
interface OffsetItem {
  topic: string;
  partition: number;
  timestampMs: number;
}

/** Well below what a broker takes in one request. */
const partitionsARequest = 10_000;

/** ListOffsets in all its meanings, each partition asked at its leader. */
export class OffsetQuestions {
  readonly #pool: BrokerPool;
  readonly #router: Router;
  readonly #clock: Clock;

  constructor(pool: BrokerPool, router: Router, clock: Clock) {
    this.#pool = pool;
    this.#router = router;
    this.#clock = clock;
  }

  async logStartOffsets(
    partitions: readonly TopicPartitions[],
    signal: AbortSignal,
  ): Promise<Answer<readonly TopicOffsets[]>> {
    const found = new OffsetTable();
    return await this.#ask(
      itemsOf(partitions, earliestTimestamp),
      [{ isolationLevel: isolation.readUncommitted, take: (listed, i) => found.set(listed, i) }],
      () => found.topics(),
      signal,
    );
  }

  async endOffsets(
    partitions: readonly TopicPartitions[],
    signal: AbortSignal,
  ): Promise<Answer<readonly TopicEndOffsets[]>> {
    const stable = new OffsetTable();
    const high = new OffsetTable();
    return await this.#ask(
      itemsOf(partitions, latestTimestamp),
      [
        { isolationLevel: isolation.readCommitted, take: (listed, i) => stable.set(listed, i) },
        { isolationLevel: isolation.readUncommitted, take: (listed, i) => high.set(listed, i) },
      ],
      () => paired(partitions, high, stable),
      signal,
    );
  }

  async offsetsForTimes(probes: readonly TimeProbe[], signal: AbortSignal): Promise<Answer<readonly TimeAnswer[]>> {
    const value: TimeAnswer[] = [];
    const failures: PortFailure[] = [];
    const brokers: Record<number, number> = {};
    // A partition twice in one request is INVALID_REQUEST: its second timestamp goes into the second request, and so on.
    for (const round of roundsOf(probes)) {
      const asked = new Map(round.map((probe) => [`${probe.topic}\n${probe.partition}`, probe.timestampMs]));
      const take = ({ topic, partitions, offsets }: ListedOffsets, i: number): void => {
        const timestampMs = asked.get(`${topic}\n${partitions[i]}`)!;
        value.push({ topic, partition: partitions[i]!, timestampMs, offset: offsets[i]! < 0 ? null : offsets[i]! });
      };
      const pass = { isolationLevel: isolation.readUncommitted, take };
      const answer = await this.#ask(round, [pass], () => null, signal);
      failures.push(...answer.failures);
      Object.assign(brokers, answer.brokers);
    }
    return { value, brokers, failures };
  }

  async #ask<T>(
    items: readonly OffsetItem[],
    passes: readonly Pass[],
    collected: () => T,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const times = new AnswerTimes(this.#clock);
    await this.#router.routing(signal);
    const question: ScatteredQuestion<OffsetItem> = {
      api: listOffsets.api,
      chunk: partitionsARequest,
      brokerOf: ({ topic, partition }) => this.#router.current.leader(topic, partition)?.brokerId ?? null,
      nobody: { code: 'upstream.no-leader', message: 'partitions without a leader cannot be asked' },
      scopeOf: partitionScope,
      ask: async (brokerId, itsItems) => {
        const topics = requestOf(itsItems, this.#router.current);
        // Sent one behind the other on one connection: the broker answers the passes in this order.
        const answers = await Promise.all(
          passes.map((pass) => this.#pool.ask(brokerId, listOffsets, [pass.isolationLevel, topics], signal)),
        );
        times.answered(brokerId);
        return rejectionsOf(itsItems, passes, answers);
      },
    };
    const failures = await scatter(items, question, { signal, refresh: () => this.#router.refresh(signal) });
    return times.answer(collected(), failures);
  }
}

/** One ListOffsets over the same partitions. */
interface Pass {
  isolationLevel: number;
  take(listed: ListedOffsets, index: number): void;
}

/** Offsets by topic, each an array with the partition for its index: partition numbers are dense. */
class OffsetTable {
  readonly #byTopic = new Map<string, (number | undefined)[]>();

  set({ topic, partitions, offsets }: ListedOffsets, index: number): void {
    let byPartition = this.#byTopic.get(topic);
    if (!byPartition) {
      byPartition = [];
      this.#byTopic.set(topic, byPartition);
    }
    byPartition[partitions[index]!] = offsets[index]!;
  }

  get(topic: string): readonly (number | undefined)[] {
    return this.#byTopic.get(topic) ?? [];
  }

  topics(): TopicOffsets[] {
    return [...this.#byTopic].map(([topic, byPartition]) => {
      const partitions: number[] = [];
      const offsets: number[] = [];
      for (let partition = 0; partition < byPartition.length; partition++) {
        const offset = byPartition[partition];
        if (offset === undefined) continue;
        partitions.push(partition);
        offsets.push(offset);
      }
      return { topic, partitions, offsets };
    });
  }
}

function paired(asked: readonly TopicPartitions[], high: OffsetTable, stable: OffsetTable): TopicEndOffsets[] {
  const all: TopicEndOffsets[] = [];
  for (const { topic, partitions } of asked) {
    const highs = high.get(topic);
    const stables = stable.get(topic);
    const read = partitions.filter((partition) => highs[partition] !== undefined || stables[partition] !== undefined);
    if (read.length === 0) continue;
    all.push({
      topic,
      partitions: read,
      highWatermarks: read.map((partition) => highs[partition] ?? Number.NaN),
      lastStableOffsets: read.map((partition) => stables[partition] ?? Number.NaN),
    });
  }
  return all;
}

function itemsOf(partitions: readonly TopicPartitions[], timestampMs: number): OffsetItem[] {
  return partitions.flatMap((its) => its.partitions.map((partition) => ({ topic: its.topic, partition, timestampMs })));
}

/** The n-th timestamp of each partition stands in round n. */
function roundsOf(probes: readonly TimeProbe[]): readonly TimeProbe[][] {
  const rounds: TimeProbe[][] = [];
  for (const ofPartition of Map.groupBy(probes, ({ topic, partition }) => `${topic}\n${partition}`).values()) {
    ofPartition.forEach((probe, round) => {
      rounds[round] ??= [];
      rounds[round].push(probe);
    });
  }
  return rounds;
}

function requestOf(items: readonly OffsetItem[], routing: Routing): ListOffsetsTopic[] {
  const byTopic = new Map<string, ListOffsetsTopic>();
  for (const { topic, partition, timestampMs } of items) {
    let its = byTopic.get(topic);
    if (!its) {
      its = { topic, partitions: [], leaderEpochs: [], timestamps: [] };
      byTopic.set(topic, its);
    }
    its.partitions.push(partition);
    its.leaderEpochs.push(routing.leader(topic, partition)?.epoch ?? -1);
    its.timestamps.push(timestampMs);
  }
  return [...byTopic.values()];
}

/** Hands each offset to its pass; a partition that any pass could not read is rejected once, by the first error. */
function rejectionsOf(
  items: readonly OffsetItem[],
  passes: readonly Pass[],
  answers: readonly ListOffsetsResponse[],
): Rejection<OffsetItem>[] {
  const errorCodes = new Map<string, number>();
  answers.forEach((answer, pass) => {
    for (const listed of answer.topics) {
      for (let i = 0; i < listed.partitions.length; i++) {
        const errorCode = listed.errorCodes[i]!;
        if (errorCode === 0) passes[pass]!.take(listed, i);
        else errorCodes.set(`${listed.topic}\n${listed.partitions[i]}`, errorCode);
      }
    }
  });
  if (errorCodes.size === 0) return [];
  return items.flatMap((item) => {
    const errorCode = errorCodes.get(`${item.topic}\n${item.partition}`);
    return errorCode === undefined ? [] : [{ item, errorCode }];
  });
}

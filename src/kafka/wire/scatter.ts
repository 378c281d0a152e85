import { TidemarkError } from '../../model/errors.ts';
import type { PortFailure } from '../port.ts';
import { classOf, errorName, failureCode } from './error-class.ts';

/** An item that a broker would not answer, with Kafka's error code. */
export interface Rejection<Item> {
  item: Item;
  errorCode: number;
}

/** A question about many items, each of which one broker can answer: partitions at their leaders, groups at their coordinators. */
export interface ScatteredQuestion<Item> {
  /** Kafka's API, for messages. */
  api: string;
  /** Most items in one request. */
  chunk: number;
  /** Null: nobody can be asked, which is a failure with the code and message of `nobody`. `isRetry`: stale at the first attempt. */
  brokerOf(item: Item, isRetry: boolean): number | null;
  nobody: { code: 'upstream.no-leader' | 'upstream.transient'; message: string };
  /**
   * Asks one broker about some items, takes what it answered, and returns what it would not.
   * @throws TidemarkError where the broker did not answer at all
   */
  ask(brokerId: number, items: readonly Item[]): Promise<readonly Rejection<Item>[]>;
  /** What a failure of these items covers. */
  scopeOf(items: readonly Item[]): Pick<PortFailure, 'topics' | 'groupIds'>;
}

export interface ScatterOptions {
  signal: AbortSignal;
  /** Fetches who leads what anew: before stale items are asked a second time. */
  refresh(): Promise<void>;
}

/**
 * Asks all brokers at the same time. What is stale, or stood on a broker that is gone, is asked once more after a refresh;
 * what then still fails is a failure of exactly those items. One broker's silence costs nobody else's answer.
 */
export async function scatter<Item>(
  items: readonly Item[],
  question: ScatteredQuestion<Item>,
  options: ScatterOptions,
): Promise<readonly PortFailure[]> {
  const first = await askOnce(items, question, false);
  if (first.again.length === 0) return first.failures;
  if (options.signal.aborted) return [...first.failures, ...first.given];
  try {
    await options.refresh();
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return [...first.failures, ...first.given];
  }
  const second = await askOnce(first.again, question, true);
  return [...first.failures, ...second.failures, ...second.given];
}

interface Round<Item> {
  /** Items that a refresh may help, and the failures that they are if it does not. */
  again: Item[];
  given: PortFailure[];
  failures: PortFailure[];
}

async function askOnce<Item>(
  items: readonly Item[],
  question: ScatteredQuestion<Item>,
  isRetry: boolean,
): Promise<Round<Item>> {
  const round: Round<Item> = { again: [], given: [], failures: [] };
  const byBroker = Map.groupBy(items, (item) => question.brokerOf(item, isRetry));
  const nobody = byBroker.get(null);
  // No refresh for these: a partition may be offline for days, and Metadata was asked at the beginning of the cycle.
  if (nobody) round.failures.push({ ...question.nobody, ...question.scopeOf(nobody) });
  const requests: Promise<void>[] = [];
  for (const [brokerId, itsItems] of byBroker) {
    if (brokerId === null) continue;
    for (let start = 0; start < itsItems.length; start += question.chunk) {
      requests.push(askChunk(brokerId, itsItems.slice(start, start + question.chunk), question, round));
    }
  }
  await Promise.all(requests);
  return round;
}

async function askChunk<Item>(
  brokerId: number,
  items: readonly Item[],
  question: ScatteredQuestion<Item>,
  round: Round<Item>,
): Promise<void> {
  try {
    const rejections = await question.ask(brokerId, items);
    for (const [errorCode, rejected] of Map.groupBy(rejections, (rejection) => rejection.errorCode)) {
      sortIn(rejected, errorCode, brokerId, question, round);
    }
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    const failure = { code: error.code, message: error.message, ...question.scopeOf(items) };
    // A broker that is gone has lost its partitions to others by now; one that is silent may still have them.
    if (error.code === 'upstream.unreachable') {
      round.again.push(...items);
      round.given.push(failure);
    } else {
      round.failures.push(failure);
    }
  }
}

function sortIn<Item>(
  rejected: readonly Rejection<Item>[],
  errorCode: number,
  brokerId: number,
  question: ScatteredQuestion<Item>,
  round: Round<Item>,
): void {
  const items = rejected.map((rejection) => rejection.item);
  const failure: PortFailure = {
    code: failureCode(errorCode),
    message: `broker ${brokerId} answered ${question.api} with ${errorName(errorCode)}`,
    ...question.scopeOf(items),
  };
  if (classOf(errorCode) === 'stale') {
    round.again.push(...items);
    round.given.push(failure);
  } else {
    round.failures.push(failure);
  }
}

/** Partitions as a failure's scope has them. */
export function partitionScope(items: readonly { topic: string; partition: number }[]): Pick<PortFailure, 'topics'> {
  const byTopic = Map.groupBy(items, (item) => item.topic);
  return {
    topics: [...byTopic].map(([topic, its]) => ({
      topic,
      partitions: [...new Set(its.map((item) => item.partition))],
    })),
  };
}

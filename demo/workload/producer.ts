import { forever, type Workload } from './workload.ts';

export interface SteadyLoad {
  readonly partitions: number;
  /** Over all partitions. */
  readonly recordsPerSecond: number;
  /** Default 100. */
  readonly valueBytes?: number;
}

/** Appends at an even rate to all partitions until the process ends. Counts what it has sent. */
export class SteadyProducer {
  readonly #startedAtMs = performance.now();
  readonly #workload: Workload;
  readonly #topic: string;
  readonly #load: SteadyLoad;
  /** Records appended to each partition so far. */
  sentPerPartition = 0;

  constructor(workload: Workload, topic: string, load: SteadyLoad) {
    this.#workload = workload;
    this.#topic = topic;
    this.#load = load;
    void forever(500, () => this.#catchUp());
  }

  async #catchUp(): Promise<void> {
    const { partitions, recordsPerSecond, valueBytes = 100 } = this.#load;
    const seconds = (performance.now() - this.#startedAtMs) / 1000;
    // Counted from the start, so that a late round makes up for itself and the rate does not drift.
    const due = Math.floor((seconds * recordsPerSecond) / partitions) - this.sentPerPartition;
    if (due <= 0) return;
    await appendToAll(this.#workload, this.#topic, { partitions, recordsEach: due, valueBytes });
    this.sentPerPartition += due;
  }
}

export interface Append {
  readonly partitions: number;
  readonly recordsEach: number;
  readonly valueBytes?: number;
  readonly timestampMs?: number;
}

/** Appends the same number of records to each partition. */
export async function appendToAll({ kafka }: Workload, topic: string, append: Append): Promise<void> {
  const { partitions, recordsEach, ...options } = append;
  const all = Array.from({ length: partitions }, (_, partition) =>
    kafka.produce(topic, recordsEach, { partition, valueBytes: 100, ...options }),
  );
  await Promise.all(all);
}

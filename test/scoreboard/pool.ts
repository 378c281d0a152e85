import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WatchResult } from './watch.ts';

/** A case to be lived through: the name of its kind, and its seed. */
export interface Task {
  name: string;
  seed: number;
}

export type Answer = { result: WatchResult; failed?: never } | { failed: string; result?: never };

/** Threads that live cases through. What comes out does not depend on how many there are. */
export class Pool implements AsyncDisposable {
  readonly #workers: readonly Worker[];

  constructor(workers: number) {
    const file = new URL('./worker.ts', import.meta.url);
    this.#workers = Array.from({ length: workers }, () => new Worker(file));
  }

  /** Results in the order of the tasks. Throws at the first case that ends in an exception, and names it. */
  async run(tasks: readonly Task[]): Promise<WatchResult[]> {
    const results: WatchResult[] = [];
    let next = 0;
    const work = async (worker: Worker) => {
      for (let index = next++; index < tasks.length; index = next++) {
        const task = tasks[index]!;
        worker.postMessage(task);
        const [{ result, failed }] = (await once(worker, 'message')) as [Answer];
        if (failed !== undefined) throw new Error(`"${task.name}", seed ${task.seed}: ${failed}`);
        results[index] = result;
      }
    };
    await Promise.all(this.#workers.map(work));
    return results;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

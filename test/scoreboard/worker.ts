/** A thread that lives cases through, one after the other. */
import { parentPort } from 'node:worker_threads';
import { live } from './live.ts';
import type { Answer, Task } from './pool.ts';

parentPort?.on('message', ({ name, seed }: Task) => {
  parentPort?.postMessage(answer(name, seed));
});

function answer(name: string, seed: number): Answer {
  try {
    return { result: live(name, seed) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

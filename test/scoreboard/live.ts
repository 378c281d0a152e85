import { kinds } from './cases/index.ts';
import { Random } from './random.ts';
import { type WatchResult, watch } from './watch.ts';

/** Lives one case of a kind through. Throws where there is no such kind. */
export function live(name: string, seed: number): WatchResult {
  const kind = kinds.find((one) => one.name === name);
  if (kind === undefined) {
    throw new Error(`There is no kind "${name}": choose one of\n${kinds.map((one) => one.name).join('\n')}`);
  }
  return watch(kind.draw(new Random(seed)), seed);
}

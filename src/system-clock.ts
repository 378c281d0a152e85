import type { Clock } from './model/clock.ts';

/** The machine's own clocks. Only what runs live reads them; replay lives by the times in its trace. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

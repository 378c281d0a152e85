import type { LogDir } from '../model/snapshot.ts';
import { DiskUsage } from './disk-usage.ts';

/** How a volume fills; null: nothing can be said yet. */
export interface DiskFill {
  bytesPerSecond: number;
  /** null: it does not fill, as far as can be told. */
  fullInSeconds: number | null;
  /** How long the growth was watched that this rests on. */
  overSeconds: number;
}

/** One log directory of one broker: each is a volume of its own (JBOD, KIP-112). */
export interface LogDirHistory extends LogDir {
  /** Engine time of the last answer of its broker. */
  readAt: number;
  readonly usage: DiskUsage;
  fill: DiskFill | null;
}

/** The directories of all brokers. A broker that does not answer keeps those that it had, with their age. */
export class LogDirs {
  #byBroker = new Map<number, LogDirHistory[]>();

  ofBroker(brokerId: number): readonly LogDirHistory[] {
    return this.#byBroker.get(brokerId) ?? [];
  }

  /** Takes a broker's answer: a directory that it no longer names is no longer its own. */
  set(brokerId: number, answered: readonly LogDir[], readAt: number): readonly LogDirHistory[] {
    const before = this.ofBroker(brokerId);
    const now = answered.map((dir) => {
      const known = before.find(({ path }) => path === dir.path);
      return { ...dir, readAt, usage: known?.usage ?? new DiskUsage(), fill: known?.fill ?? null };
    });
    this.#byBroker.set(brokerId, now);
    return now;
  }

  /** Forgets what no broker has told since then. */
  forget(before: number): void {
    for (const [brokerId, dirs] of this.#byBroker) {
      if (dirs.every(({ readAt }) => readAt < before)) this.#byBroker.delete(brokerId);
    }
  }

  /** Usage over time, of which no clock step may be part. */
  forgetUsage(): void {
    for (const dir of [...this.#byBroker.values()].flat()) {
      dir.usage.clear();
      dir.fill = null;
    }
  }
}

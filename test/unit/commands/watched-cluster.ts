import type { TestContext } from 'node:test';
import type { Transition } from '../../../src/model/finding.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import type { StoreSettings } from '../../../src/store/store.ts';
import { advance, hourMs, testEngine } from '../../support/engine-run.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';
import { dayMs, type Opened, temporaryStore } from '../store/temporary-store.ts';

/** A cluster that a daemon watches and stores, and what it said. */
export class WatchedCluster {
  readonly trace = new TraceBuilder()
    .topic('orders', { partitions: 2, rate: 100, config: { retentionMs: hourMs, segmentMs: 60_000 } })
    .group('slow', { topics: ['orders'], rate: 20, members: 2 })
    .group('healthy', { topics: ['orders'], rate: 1000 });
  readonly said: Transition[] = [];
  readonly opened: Opened;
  readonly #engine = testEngine();

  constructor(t: TestContext, settings: Partial<StoreSettings> = { raw: dayMs }, opened = temporaryStore(t, settings)) {
    this.opened = opened;
  }

  watch(ms: number, distort: (snapshot: Snapshot) => Snapshot = (snapshot) => snapshot): this {
    this.trace.run(ms, (taken) => {
      const snapshot = distort(taken);
      const advanced = advance(this.#engine, snapshot);
      this.said.push(...advanced.transitions);
      const discovery = { groups: new Map(), missingTopics: new Map() };
      this.opened.store.commit({ snapshot, advance: advanced, memory: this.#engine.memory(), discovery });
      return undefined; // what the store does not hold is not asked
    });
    return this;
  }
}

export function transitionsOf(printed: string): Transition[] {
  return printed.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Transition]));
}

/** What was said of whom, and when: the numbers in evidence may differ in their last digits. */
export function told(transitions: readonly Transition[]): string[] {
  return transitions.map((one) =>
    [
      ...[one.atMs, one.type, one.code, one.severity, one.groupId, one.topic, one.partition],
      ...[one.brokerId, one.logDir, one.id],
    ].join(' '),
  );
}

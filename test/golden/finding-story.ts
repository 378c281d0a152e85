import { parseDuration } from '../../src/model/duration.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { Transition } from '../../src/model/finding.ts';
import type { Snapshot, TimeProbe } from '../../src/model/snapshot.ts';
import { advance, testEngine } from '../support/engine-run.ts';
import type { TraceBuilder } from '../support/trace-builder.ts';

/** What a test changes of what was read; null: this poll was missed. */
export type Distortion = (snapshot: Snapshot) => Snapshot | null;

/** A simulated cluster under the real engine, and every transition that came of it. */
export class FindingStory {
  readonly trace: TraceBuilder;
  readonly transitions: Transition[] = [];
  engine: Engine;
  #probes: readonly TimeProbe[] = [];

  constructor(trace: TraceBuilder, engine = testEngine()) {
    this.trace = trace;
    this.engine = engine;
  }

  /** Polls for so long (`20m`). */
  watch(duration: string, distort: Distortion = (snapshot) => snapshot): this {
    const ms = parseDuration(duration)!;
    for (let passed = 0; passed < ms; passed += this.trace.intervalMs) {
      this.trace.advance(this.trace.intervalMs);
      const snapshot = distort(this.trace.snapshot({ probes: this.#probes }));
      if (snapshot === null) continue;
      const { transitions, timeProbes } = advance(this.engine, snapshot);
      this.transitions.push(...transitions);
      this.#probes = timeProbes;
    }
    return this;
  }

  /** Time passes without a poll. */
  away(duration: string): this {
    this.trace.advance(parseDuration(duration)!);
    return this;
  }

  /** The process ends, and another takes over with what the store kept of it: the memory, not the windows. */
  restart(): this {
    const memory = structuredClone(this.engine.memory());
    this.engine = testEngine();
    this.engine.restore(memory);
    return this;
  }

  /** What was told so far is of no interest. */
  forgetTold(): this {
    this.transitions.length = 0;
    return this;
  }

  /** What was raised, changed and cleared, a line each, without infos: `12 min raised stalled warning billing`. */
  get told(): string[] {
    return this.transitions.flatMap((one) => {
      if (one.severity === 'info') return [];
      const what = one.type === 'cleared' ? one.reason : one.type === 'changed' ? changes(one) : one.severity;
      const where = [one.groupId, one.topic, one.partition, one.collector].filter((name) => name !== undefined);
      return [
        `${Math.round((one.atMs - this.trace.startMs) / 6000) / 10} min ${one.type} ${one.code} ${what} ${where.join(' ')}`,
      ];
    });
  }
}

function changes(one: Extract<Transition, { type: 'changed' }>): string {
  return one.changed.map((field) => `${field}=${field === 'cause' ? one.cause?.code : one[field]}`).join(',');
}

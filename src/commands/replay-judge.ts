import { createEngine, type EngineSettings } from '../engine/engine.ts';
import type { Advance, Engine } from '../model/engine.ts';
import { reportToJson } from '../model/report-json.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { CommandHost } from './command-host.ts';

export interface ReplayJudgeParts {
  settings: EngineSettings;
  host: CommandHost;
  /** Print every report too. */
  reports: boolean;
  /** Codes of which the snapshots cannot tell: what a rule makes of their absence is not printed. */
  unjudged?: ReadonlySet<string>;
}

/** Judges snapshots as they come, one engine a cluster, and prints what is found as JSON lines. */
export class ReplayJudge {
  readonly #parts: ReplayJudgeParts;
  readonly #engines = new Map<string, Engine>();

  constructor(parts: ReplayJudgeParts) {
    this.#parts = parts;
  }

  /** A sentence where the engine failed on the snapshot: it costs itself, never the rest of the replay. */
  async judge(snapshot: Snapshot): Promise<string | null> {
    const advance = guarded(() => finish(this.#engineOf(snapshot.cluster).advance(snapshot)));
    if (typeof advance === 'string') return advance;
    await this.#print(advance);
    return null;
  }

  /** Fills the windows with it, and judges nothing. */
  refill(snapshot: Snapshot): string | null {
    return guarded(() => this.#engineOf(snapshot.cluster).refill(snapshot)) ?? null;
  }

  async #print({ transitions, report }: Advance): Promise<void> {
    const { host, reports, unjudged } = this.#parts;
    const told = transitions.filter(({ code }) => unjudged?.has(code) !== true);
    const lines = told.map((transition) => JSON.stringify(transition));
    if (reports) lines.push(JSON.stringify({ type: 'report', ...reportToJson(report) }));
    if (lines.length > 0) await host.print(`${lines.join('\n')}\n`);
  }

  #engineOf(cluster: string): Engine {
    const engine = this.#engines.get(cluster) ?? createEngine(this.#parts.settings);
    this.#engines.set(cluster, engine);
    return engine;
  }
}

function guarded<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    const { stack = String(error) } = error as Error;
    return `tidemark failed on it; please report this: ${stack}`;
  }
}

/** Without pauses: nothing else waits for the event loop here. */
function finish(steps: Generator<unknown, Advance>): Advance {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

import { randomUUID } from 'node:crypto';
import { openPort } from '../cluster-connection.ts';
import { type ClusterSession, openSession, type SessionParts } from '../cluster-session.ts';
import type { Advance } from '../model/engine.ts';
import { systemClock } from '../system-clock.ts';

/** A cluster that a command looks at for some cycles, without a store. A bug ends the command with its stack. */
export class LiveSession implements AsyncDisposable {
  readonly session: ClusterSession;
  readonly #stack: AsyncDisposableStack;

  private constructor(session: ClusterSession, stack: AsyncDisposableStack) {
    this.session = session;
    this.#stack = stack;
  }

  static async open(
    watched: Pick<SessionParts, 'config' | 'cluster' | 'judging'>,
    signal: AbortSignal,
  ): Promise<LiveSession> {
    await using stack = new AsyncDisposableStack();
    const kafka = stack.use(openPort(watched.cluster, systemClock));
    const reportBug = (_where: string, error: unknown) => {
      throw error;
    };
    const parts = { ...watched, kafka, clock: systemClock, recorder: randomUUID(), reportBug };
    return new LiveSession(await openSession(parts, signal), stack.move());
  }

  /** Collects and judges once. */
  async cycle(signal: AbortSignal): Promise<Advance> {
    return this.session.advance(await this.session.collect(signal), signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

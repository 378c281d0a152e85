import { Type } from 'typebox';
import type { App, HttpParts } from '../app.ts';
import type { ClusterSlot } from '../report-board.ts';

/** Intervals without a new cycle before the process counts as stuck. */
const intervalsAtMost = 10;
/** But not sooner: at an interval of a second, a cycle that waits for a silent broker is longer than ten of them. */
const stuckAfterMsMin = 60_000;

const Health = Type.Object({ ok: Type.Boolean(), reason: Type.String() });

/** For orchestrators. Neither is ever about Kafka: an unready pod takes the page away when it is needed most. */
export function healthRoutes(app: App, { board, clock }: HttpParts): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        summary: '503 when a cycle is stuck: none has begun for ten intervals, and for a minute',
        response: { '2xx': Health, '5xx': Health },
      },
    },
    (_request, reply) => {
      const nowMs = clock.monotonicMs();
      const stuck = board.slots.filter((slot) => isStuck(slot, nowMs));
      if (stuck.length === 0) return { ok: true, reason: 'Cycles begin as they should.' };
      reply.code(503);
      return { ok: false, reason: `No cycle has begun for far too long: ${namesOf(stuck)}.` };
    },
  );

  let ready = false;
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: '503 until the first cycle of each cluster has ended, well or badly; then 200 for good',
        response: { '2xx': Health, '5xx': Health },
      },
    },
    (_request, reply) => {
      const waiting = board.slots.filter(({ cyclesEnded }) => cyclesEnded === 0);
      // A cluster that a reload adds does not take the readiness back.
      ready ||= waiting.length === 0;
      if (ready) return { ok: true, reason: 'The first cycle has ended.' };
      reply.code(503);
      return { ok: false, reason: `The first cycle has not ended: ${namesOf(waiting)}.` };
    },
  );
}

function isStuck({ begunAtMs, intervalMs }: ClusterSlot, nowMs: number): boolean {
  return begunAtMs !== null && nowMs - begunAtMs > Math.max(stuckAfterMsMin, intervalsAtMost * intervalMs);
}

function namesOf(slots: readonly ClusterSlot[]): string {
  return slots.map(({ name }) => `"${name}"`).join(', ');
}

import { join } from 'node:path';
import type { App } from '../../src/http/app.ts';
import { type ClusterSlot, ReportBoard } from '../../src/http/report-board.ts';
import { createServer } from '../../src/http/server.ts';
import type { ClusterEvent, Transition } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import type { HistoryField, HistoryKey, Points, SeriesReader } from '../../src/model/series-reader.ts';
import { makeExposition } from './exposition-fixture.ts';

const startedAtMs = 1_700_000_000_000;

/** A store that answers from memory, and remembers what it was asked. */
class FakeHistory implements SeriesReader {
  readonly asked: { key: HistoryKey; field: HistoryField; fromMs: number; toMs: number; atMost: number }[] = [];
  storedEvents: ClusterEvent[] = [];
  storedTransitions: Transition[] = [];
  answer: Points = [];

  points(key: HistoryKey, field: HistoryField, fromMs: number, toMs: number, atMost: number): Points {
    this.asked.push({ key, field, fromMs, toMs, atMost });
    return this.answer;
  }

  pointsOfMany(
    keys: readonly HistoryKey[],
    field: HistoryField,
    fromMs: number,
    toMs: number,
    atMost: number,
  ): Points[] {
    return keys.map((key) => this.points(key, field, fromMs, toMs, atMost));
  }

  events(_cluster: string, fromMs: number, toMs: number, atMost: number, topic?: string): ClusterEvent[] {
    const inSpan = this.storedEvents.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    return inSpan.filter(({ subject }) => topic === undefined || subject.topic === topic).slice(0, atMost);
  }

  transitions(cluster: string, fromMs: number, toMs: number, atMost: number, topic?: string): Transition[] {
    const inSpan = this.storedTransitions.filter(
      (one) => one.atMs >= fromMs && one.atMs <= toMs && (topic === undefined || one.topic === topic),
    );
    return inSpan.filter((transition) => transition.cluster === cluster).slice(0, atMost);
  }

  sizeBytes(): number {
    return 0;
  }
}

/** The whole server over reports that are given, with a clock that stands until it is moved. */
export class HttpFixture implements AsyncDisposable {
  readonly board = new ReportBoard();
  readonly exposition = makeExposition().exposition;
  readonly history = new FakeHistory();
  readonly clock = { wallMs: () => this.nowMs, monotonicMs: () => this.nowMs - startedAtMs };
  readonly bugs: unknown[] = [];
  nowMs = startedAtMs;
  app!: App;

  /** One slot a report; `null`: a cluster that has not answered yet, named `unread`. */
  static async start(reports: readonly (Report | null)[]): Promise<HttpFixture> {
    const fixture = new HttpFixture();
    for (const report of reports) await fixture.watch(report);
    fixture.app = await createServer({
      board: fixture.board,
      exposition: fixture.exposition,
      history: fixture.history,
      clock: fixture.clock,
      version: '1.2.3',
      webDirectory: join(import.meta.dirname, '../../web'),
      reportBug: (_where, error) => fixture.bugs.push(error),
    });
    return fixture;
  }

  async watch(report: Report | null): Promise<ClusterSlot> {
    const slot = this.board.add({ name: report?.cluster ?? 'unread', bootstrap: 'b1:9092', intervalMs: 15_000 });
    const samples = this.exposition.add(slot.name);
    if (report !== null) {
      slot.publish(report, { store: { sizeBytes: 4096, error: null } });
      await samples.publish(report);
    }
    return slot;
  }

  /** Status and body, as JSON where it is JSON. */
  async get(url: string, headers: Record<string, string> = {}) {
    const { statusCode, headers: answered, body, rawPayload } = await this.app.inject({ url, headers });
    const isJson = String(answered['content-type']).startsWith('application/json');
    return {
      status: statusCode,
      headers: answered,
      text: body,
      bytes: rawPayload,
      json: isJson ? JSON.parse(body) : undefined,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close();
  }
}

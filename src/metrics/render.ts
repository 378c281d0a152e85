import { setImmediate } from 'node:timers/promises';
import type { MetricFamily, Source } from './family.ts';
import { compressSegment, type Segment } from './gzip-segments.ts';
import type { RowLabels } from './row-labels.ts';
import { SampleWriter } from './sample-writer.ts';

/** The samples of one family of one cluster, compressed. */
export interface FamilySamples {
  segments: readonly Segment[];
  count: number;
}

/**
 * Renders families one after the other and compresses them as it goes: the text of 100,000 series is some 50 MB and never exists as
 * a whole. The event loop runs between chunks.
 */
export class Renderer {
  readonly #writer = new SampleWriter();

  async render(family: MetricFamily, source: Source, labels: RowLabels): Promise<FamilySamples> {
    const segments: Promise<Segment>[] = [];
    for (const _ of this.#write(family, source, labels)) {
      // One chunk is compressed in another thread while the next is written; no more, or memory would not be bounded.
      await segments.at(-1);
      this.#compressFull(segments);
      await setImmediate();
    }
    this.#writer.flush();
    this.#compressFull(segments);
    return { segments: await Promise.all(segments), count: this.#writer.samples };
  }

  /** Yields when a chunk is full. */
  *#write(family: MetricFamily, source: Source, labels: RowLabels): Generator<void> {
    const writer = this.#writer;
    const rows = labels.rows(family.rows, source.report, family.staleToo === true);
    writer.begin(family.name);
    const write = (value: number | null | undefined, text?: string) => {
      if (Number.isFinite(value)) writer.write(rows.head, rows.tail, text, value as number);
    };
    for (let row = 0; row < rows.count; row++) {
      if (rows.locate(row)) family.sample(source, row, write);
      if (writer.full.length > 0) yield;
    }
  }

  #compressFull(segments: Promise<Segment>[]): void {
    for (const chunk of this.#writer.full.splice(0)) {
      segments.push(
        compressSegment(chunk).then((segment) => {
          this.#writer.recycle(chunk);
          return segment;
        }),
      );
    }
  }
}

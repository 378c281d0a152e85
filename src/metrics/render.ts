import { setImmediate } from 'node:timers/promises';
import type { MetricFamily, Source } from './family.ts';
import { makePart, type Part } from './gzip-segments.ts';
import type { RowLabels } from './row-labels.ts';
import { SampleWriter } from './sample-writer.ts';

/** The samples of one family of one cluster, compressed. */
export interface FamilySamples {
  parts: readonly Part[];
  count: number;
}

/**
 * Renders families one after the other and compresses them as it goes: the text of 100,000 series is some 50 MB and never exists as
 * a whole. The event loop runs between chunks.
 */
export class Renderer {
  readonly #writer = new SampleWriter();

  async render(family: MetricFamily, source: Source, labels: RowLabels): Promise<FamilySamples> {
    const parts: Promise<Part>[] = [];
    for (const _ of this.#write(family, source, labels)) {
      // One chunk is compressed in another thread while the next is written; no more, or memory would not be bounded.
      await parts.at(-1);
      this.#compressFull(parts);
      await setImmediate();
    }
    this.#writer.flush();
    this.#compressFull(parts);
    return { parts: await Promise.all(parts), count: this.#writer.samples };
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

  #compressFull(parts: Promise<Part>[]): void {
    for (const chunk of this.#writer.full.splice(0)) {
      parts.push(
        makePart(chunk).then((part) => {
          this.#writer.recycle(chunk);
          return part;
        }),
      );
    }
  }
}

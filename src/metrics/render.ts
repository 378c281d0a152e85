import { setImmediate } from 'node:timers/promises';
import type { Report } from '../model/report.ts';
import { catalogue } from './catalogue.ts';
import { type BulkFamily, isBulk, type RowFamily, type Source, thousandths, type Write } from './family.ts';
import { makePart, type Part } from './gzip-segments.ts';
import { LayoutMemory, RangeMemory, rangeRows } from './range-memory.ts';
import type { LabelledRows, RowLabels } from './row-labels.ts';
import { SampleWriter } from './sample-writer.ts';

/** Samples of one family of one cluster. */
export interface FamilySamples {
  parts: readonly Part[];
  count: number;
}

/** The same while it is still being compressed. */
interface Rendered {
  parts: readonly Promise<Part>[];
  count: number;
}

/** What is kept of a bulk family: its column, and what was made from each range of it. */
interface BulkMemory {
  column: RangeMemory;
  ranges: Rendered[];
}

/** Writes the sample of a row of a table. */
type WriteRow = (row: number) => void;

/**
 * Renders the reports of one cluster, one after the other. Text is compressed as it is written: that of 100,000 series is some 50 MB
 * and never exists as a whole. Of bulk families only the ranges of rows that changed are made anew. The event loop runs between.
 */
export class Renderer {
  readonly #labels: RowLabels;
  readonly #writer = new SampleWriter();
  readonly #layout = new LayoutMemory();
  readonly #bulk = new Map<string, BulkMemory>();
  /** One chunk is compressed in another thread while the next is written; no more, or memory would not be bounded. */
  #compressing: Promise<Part> | undefined;

  constructor(labels: RowLabels) {
    this.#labels = labels;
  }

  /** Samples by the family's name, those of dropped families left out. After a rejection the renderer must not be used again. */
  async render(source: Source, isDropped: (name: string) => boolean): Promise<Map<string, FamilySamples>> {
    const moved = this.#layout.changes(source.report);
    const families = new Map<string, FamilySamples>();
    for (const family of catalogue) {
      if (isDropped(family.name)) continue;
      const { parts, count } = isBulk(family)
        ? await this.#renderBulk(family, source.report, moved[family.rows])
        : await this.#renderFamily(family, source);
      if (count > 0) families.set(family.name, { parts: await Promise.all(parts), count });
    }
    return families;
  }

  async #renderFamily(family: RowFamily, source: Source): Promise<Rendered> {
    const rows = this.#labels.rows(family.rows, source.report, family.staleToo === true);
    const write: Write = (value, labels) => this.#write(rows, value, labels);
    this.#writer.begin(family.name);
    return this.#renderRows(rows, 0, rows.count, (row) => family.sample(source, row, write));
  }

  async #renderBulk(family: BulkFamily, report: Report, moved: readonly boolean[]): Promise<Rendered> {
    const memory = this.#bulk.get(family.name) ?? { column: new RangeMemory(), ranges: [] };
    this.#bulk.set(family.name, memory);
    const rows = this.#labels.rows(family.rows, report, false);
    const column = family.column(report);
    const isSeconds = family.unit === 'seconds';
    const changed = memory.column.changes([column], rows.count);
    const ranges: Rendered[] = [];
    this.#writer.begin(family.name);
    for (const [range, isChanged] of changed.entries()) {
      const kept = isChanged || moved[range] === true ? undefined : memory.ranges[range];
      const from = range * rangeRows;
      const to = Math.min(from + rangeRows, rows.count);
      const writeRow = (row: number) =>
        this.#write(rows, isSeconds ? thousandths(column[row]!) : column[row], undefined);
      ranges.push(kept ?? (await this.#renderRows(rows, from, to, writeRow)));
    }
    memory.ranges = ranges;
    return {
      parts: ranges.flatMap(({ parts }) => parts),
      count: ranges.reduce((sum, { count }) => sum + count, 0),
    };
  }

  async #renderRows(rows: LabelledRows, from: number, to: number, writeRow: WriteRow): Promise<Rendered> {
    const writer = this.#writer;
    const before = writer.samples;
    const parts: Promise<Part>[] = [];
    for (let row = from; row < to; row++) {
      if (rows.locate(row)) writeRow(row);
      if (writer.full.length > 0) await this.#compress(parts);
    }
    writer.flush();
    if (writer.full.length > 0) await this.#compress(parts);
    return { parts, count: writer.samples - before };
  }

  #write({ head, tail }: LabelledRows, value: number | null | undefined, labels: string | undefined): void {
    if (Number.isFinite(value)) this.#writer.write(head, tail, labels, value as number);
  }

  async #compress(parts: Promise<Part>[]): Promise<void> {
    for (const chunk of this.#writer.full.splice(0)) {
      await this.#compressing;
      this.#compressing = makePart(chunk).finally(() => this.#writer.recycle(chunk));
      parts.push(this.#compressing);
    }
    await setImmediate();
  }
}

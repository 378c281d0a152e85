import type { Report } from '../model/report.ts';

/** Rows that are rendered, compressed and reused together: some 450 KB of text. */
export const rangeRows = 4096;

type Column = Float64Array | Int32Array | Uint8Array;

/** Remembers columns, to tell which ranges of rows have changed from one report to the next. */
export class RangeMemory {
  #kept: Uint8Array[] = [];

  /** For each range whether any of the columns differs there from the last call. Bytes are compared: NaN is the same as NaN. */
  changes(columns: readonly Column[], rows: number): boolean[] {
    const now = columns.map((column) => bytesOf(column.subarray(0, rows)));
    const changed = Array.from({ length: Math.ceil(rows / rangeRows) }, (_, range) =>
      now.some((bytes, i) => {
        const [from, to] = [range, range + 1].map((border) => border * rangeRows * columns[i]!.BYTES_PER_ELEMENT);
        const kept = this.#kept[i]?.subarray(from, to);
        return kept === undefined || Buffer.compare(kept, bytes.subarray(from, to)) !== 0;
      }),
    );
    this.#kept = now.map((bytes, i) => keep(bytes, this.#kept[i]));
    return changed;
  }
}

/** Tells which ranges of the bulk tables have rows whose labels, or whose being there, may have changed. */
export class LayoutMemory {
  readonly #series = new RangeMemory();
  readonly #partitions = new RangeMemory();
  #names: { groups: readonly string[]; topics: readonly string[] } = { groups: [], topics: [] };
  #places: readonly Uint8Array[] = [];

  changes({ groups, topics, partitions, series }: Report): { 'group-partition': boolean[]; partition: boolean[] } {
    const { alive, age, groupRow, partitionRow } = series;
    const ofSeries = this.#series.changes([alive, age, groupRow, partitionRow], series.rows);
    const ofPartitions = this.#partitions.changes([partitions.alive, partitions.age], partitions.rows);
    const names = { groups: groups.groupId.slice(0, groups.rows), topics: topics.topic.slice(0, topics.rows) };
    const places = [partitions.topicRow, partitions.partition].map((column) =>
      bytesOf(column.subarray(0, partitions.rows)),
    );
    const renamed =
      hasChanged(this.#names.groups, names.groups) ||
      hasChanged(this.#names.topics, names.topics) ||
      places.some((bytes, i) => isRewritten(this.#places[i], bytes));
    this.#names = names;
    this.#places = places.map((bytes, i) => keep(bytes, this.#places[i]));
    if (renamed) for (const ranges of [ofSeries, ofPartitions]) ranges.fill(true);
    return { 'group-partition': ofSeries, partition: ofPartitions };
  }
}

/** Whether a row was given to another name. Rows that are new are in no range yet that could be reused. */
function hasChanged(before: readonly string[], now: readonly string[]): boolean {
  return before.some((name, row) => row < now.length && name !== now[row]);
}

function isRewritten(before: Uint8Array | undefined, now: Uint8Array): boolean {
  if (before === undefined) return false;
  const length = Math.min(before.length, now.length);
  return Buffer.compare(before.subarray(0, length), now.subarray(0, length)) !== 0;
}

function bytesOf(column: Column): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/** A copy, in the memory of the one before where it fits. */
function keep(bytes: Uint8Array, before: Uint8Array | undefined): Uint8Array {
  if (before?.length !== bytes.length) return bytes.slice();
  before.set(bytes);
  return before;
}

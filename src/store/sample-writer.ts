import type { Database, Statement } from 'better-sqlite3';
import type { Report } from '../model/report.ts';
import type { Facet, Snapshot } from '../model/snapshot.ts';
import { blockAddress, type CoarseTier, coarseTiers, sampleId, type Tier, tickRange, tierStepMs } from './addresses.ts';
import { addToBucket, type Block, bucketCells, clearBucket } from './block.ts';
import { BlockEncoder, keyEvery } from './block-codec.ts';
import { BlockSet, resumeBlocks } from './block-set.ts';
import { Gatherer } from './gather.ts';
import type { Cells } from './plane-codec.ts';
import { blockSize, type Kind, kinds, planes } from './planes.ts';
import { ReadMarks } from './read-marks.ts';
import type { Residents } from './residents.ts';
import type { RowMap } from './row-map.ts';
import { type Clock, lastReadMs, type ReadTimes, Ticks } from './ticks.ts';

const noRows = new Int32Array(blockSize).fill(-1);

/**
 * Writes the samples of one cluster. It remembers what each tier wrote last, so that a cycle writes only what changed. After a
 * transaction that failed it remembers what is not on disk and must be thrown away; a new one begins with key blocks.
 */
export class SampleWriter {
  readonly #blocks = new BlockSet();
  readonly #gatherer = new Gatherer();
  readonly #encoder = new BlockEncoder();
  readonly #residents: Residents;
  readonly #marks: ReadMarks;
  readonly #insertTick: Statement<[id: number, atMs: number, fresh: number, ...(string | number | null)[]]>;
  readonly #insertSample: Statement<[id: number, data: Buffer]>;
  readonly #lastTickId: Record<Tier, number>;
  readonly #begun = new Set<Tier>();
  /** Time of the last tick: its values are in the raw cells and the buckets. Null: there is none. */
  #heldAtMs: number | null;

  constructor(database: Database, residents: Residents) {
    const ticks = new Ticks(database);
    const lastId = (tier: Tier) => ticks.last(tier)?.id ?? tickRange(tier).first - 1;
    this.#residents = residents;
    this.#insertTick = database.prepare(
      'INSERT INTO tick (id, at_ms, fresh, reads, recorder, monotonic_ms) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#insertSample = database.prepare('INSERT INTO sample (id, data) VALUES (?, ?)');
    this.#lastTickId = { tenMinutes: lastId('tenMinutes'), minute: lastId('minute'), raw: lastId('raw') };
    this.#marks = new ReadMarks(lastReadMs(ticks.last('raw')));
    this.#heldAtMs = resumeBlocks(this.#blocks, ticks);
  }

  /** One cycle, whose rows the residents follow already; within its transaction. */
  write(snapshot: Snapshot, report: Report): void {
    this.#marks.update(report);
    for (const tier of coarseTiers) this.#writeBucket(tier, report.atMs);
    this.#writeRaw(report, cycleOf(snapshot, report.atMs));
    for (const tier of coarseTiers) for (const block of this.#blocks) addToBucket(block, tier);
    this.#heldAtMs = report.atMs;
    this.#blocks.forgetEmpty((block) => this.#rowMap(block.kind).rowsOf(block.number) !== null);
  }

  /** Writes what a coarser tier has gathered, once the cycle is in another bucket than the last one. */
  #writeBucket(tier: CoarseTier, atMs: number): void {
    const heldAtMs = this.#heldAtMs;
    const step = tierStepMs[tier];
    if (heldAtMs === null || Math.floor(heldAtMs / step) === Math.floor(atMs / step)) return;
    const tickId = this.#beginTick(tier, heldAtMs);
    for (const block of this.#blocks) {
      this.#writeBlock(tier, tickId, block, block.coarse[tier].written, (plane) => bucketCells(block, tier, plane));
      clearBucket(block, tier);
    }
  }

  #writeRaw(report: Report, cycle: TickCycle): void {
    for (const kind of kinds) for (const number of this.#rowMap(kind).blocks()) this.#blocks.take(kind, number);
    const columns = columnsOf(report);
    const tickId = this.#beginTick('raw', report.atMs, cycle);
    for (const block of this.#blocks) {
      const rows = this.#rowMap(block.kind).rowsOf(block.number) ?? noRows;
      this.#writeBlock('raw', tickId, block, block.raw, (index) => {
        const plane = planes[block.kind][index]!;
        const observed = this.#marks.observed(block.kind, plane.field);
        return this.#gatherer.gather(plane, rows, columns(block.kind, plane.field), observed);
      });
    }
  }

  /** @param cycle a tick of a coarser tier stands for several cycles, and has none */
  #beginTick(tier: Tier, atMs: number, cycle?: TickCycle): number {
    this.#lastTickId[tier] += 1;
    const id = this.#lastTickId[tier];
    const reads = cycle === undefined ? null : JSON.stringify(cycle.reads);
    const { recorder = null, monotonicMs = null } = cycle?.clock ?? {};
    this.#insertTick.run(id, atMs, this.#begun.has(tier) ? 0 : 1, reads, recorder, monotonicMs);
    this.#begun.add(tier);
    return id;
  }

  #writeBlock(
    tier: Tier,
    tickId: number,
    block: Block,
    written: readonly Cells[],
    cells: (plane: number) => Cells,
  ): void {
    // The number spreads the key blocks over the ticks, so that none of them is much larger than the others.
    const key = block.unwritten.delete(tier) || (tickId + block.number) % keyEvery === 0;
    const data = this.#encoder.encode(block.kind, written, cells, key);
    if (data !== null) this.#insertSample.run(sampleId(tickId, blockAddress(block.kind, block.number)), data);
  }

  #rowMap(kind: Kind): Pick<RowMap<unknown, unknown>, 'blocks' | 'rowsOf'> {
    return { partition: this.#residents.partitions, series: this.#residents.series, group: this.#residents.groups }[
      kind
    ];
  }
}

/** The report's column of a field: they have the same names. */
function columnsOf(report: Report): (kind: Kind, field: string) => Float64Array {
  const tables = { partition: report.partitions, series: report.series, group: report.groups };
  return (kind, field) => (tables[kind] as unknown as Readonly<Record<string, Float64Array>>)[field]!;
}

/** What a tick of the raw tier keeps of its cycle. */
interface TickCycle {
  reads: ReadTimes;
  clock: Clock | null;
}

/** @param tickAtMs the first cycle of a process is told as of when what it asked of the past was answered: so is its clock */
function cycleOf({ reads, recorder, monotonicMs, atMs }: Snapshot, tickAtMs: number): TickCycle {
  const times: ReadTimes = {};
  for (const [facet, { observedAtMs }] of Object.entries(reads)) times[facet as Facet] = observedAtMs;
  return {
    reads: times,
    clock:
      recorder === undefined || monotonicMs === undefined
        ? null
        : { recorder, monotonicMs: monotonicMs + tickAtMs - atMs },
  };
}

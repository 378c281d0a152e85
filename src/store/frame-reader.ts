import { addressRange, kindAndBlock, type Tier } from './addresses.ts';
import { decodeBlockPlane, isKeyBlock, keyEvery } from './block-codec.ts';
import type { Cells } from './plane-codec.ts';
import { absent, blockBits, blockSize, type Kind, newCells, planes } from './planes.ts';
import type { EncodedBlock, Tick, Ticks } from './ticks.ts';

/** One plane of all blocks of a kind, as it was at the tick that the reader stands at. */
class PlaneValues {
  readonly index: number;
  readonly #kind: Kind;
  readonly #blocks: Cells[] = [];

  constructor(kind: Kind, field: string) {
    this.#kind = kind;
    this.index = planes[kind].findIndex((plane) => plane.field === field);
  }

  /** NaN: none. Only for exact planes. */
  value(id: number): number {
    return this.#blocks[id >> blockBits]?.[id % blockSize] ?? Number.NaN;
  }

  apply(block: number, data: Buffer): void {
    const plane = planes[this.#kind][this.index]!;
    const cells = this.#blocks[block] ?? newCells(plane);
    this.#blocks[block] = cells;
    if (isKeyBlock(data)) cells.fill(absent(plane));
    decodeBlockPlane(data, this.index, cells, blockSize - 1);
  }

  clear(): void {
    this.#blocks.length = 0;
  }
}

/** Exact planes that a snapshot is rebuilt from. */
export interface FrameValues {
  logStartOffset: PlaneValues;
  highWatermark: PlaneValues;
  lastStableOffset: PlaneValues;
  sizeBytes: PlaneValues;
  /** Null where commits were not asked for. */
  committedOffset: PlaneValues | null;
}

/** The values of all partitions, and of all series, at a tick. */
export interface Frame {
  tick: Tick;
  values: FrameValues;
}

/** Goes through ticks of one tier, which rise, and yields the frame of each of them. */
export function* readFrames(ticks: Ticks, tier: Tier, wanted: readonly Tick[], withCommits: boolean): Generator<Frame> {
  const first = wanted[0];
  if (first === undefined) return;
  const ids = new Set(wanted.map(({ id }) => id));
  const lastId = wanted.at(-1)!.id;
  const passed = ticks.from(tier, first.id - keyEvery).filter(({ id }) => id <= lastId);
  for (const frame of everyFrame(ticks, passed, withCommits)) {
    if (ids.has(frame.tick.id)) yield frame;
  }
}

/** Frames of a whole tier, from the first that is complete: until every block was a key block, some may lack their values. */
export function* readTier(ticks: Ticks, tier: Tier): Generator<Frame> {
  let isComplete = false;
  let passed = 0;
  for (const frame of everyFrame(ticks, ticks.each(tier), true)) {
    isComplete ||= frame.tick.fresh || passed >= keyEvery;
    passed++;
    if (isComplete) yield frame;
  }
}

function* everyFrame(ticks: Ticks, all: Iterable<Tick>, withCommits: boolean): Generator<Frame> {
  const values: FrameValues = {
    logStartOffset: new PlaneValues('partition', 'logStartOffset'),
    highWatermark: new PlaneValues('partition', 'highWatermark'),
    lastStableOffset: new PlaneValues('partition', 'lastStableOffset'),
    sizeBytes: new PlaneValues('partition', 'sizeBytes'),
    committedOffset: withCommits ? new PlaneValues('series', 'committedOffset') : null,
  };
  const firstAddress = addressRange('partition').first;
  const lastAddress = addressRange(withCommits ? 'series' : 'partition').last;
  for (const tick of all) {
    if (tick.fresh) for (const plane of planeList(values)) plane.clear();
    for (const block of ticks.blocks(tick, firstAddress, lastAddress)) applyBlock(values, block);
    yield { tick, values };
  }
}

function applyBlock(values: FrameValues, { address, data }: EncodedBlock): void {
  const { kind, block } = kindAndBlock(address);
  if (kind === 'series') values.committedOffset?.apply(block, data);
  else for (const plane of planeList(values)) if (plane !== values.committedOffset) plane.apply(block, data);
}

function planeList(values: FrameValues): PlaneValues[] {
  return Object.values(values).filter((plane): plane is PlaneValues => plane !== null);
}

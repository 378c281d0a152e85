import { type CoarseTier, coarseTiers, type Tier, tiers } from './addresses.ts';
import type { Cells } from './plane-codec.ts';
import { absent, type Keep, type Kind, newCells, planes } from './planes.ts';

/** What a coarser tier remembers of a block: what its last tick wrote, and the bucket that is not written yet. */
export interface CoarseCells {
  written: readonly Cells[];
  /** By plane; null where the last value stands for the bucket: that one is in the raw cells. */
  bucket: readonly (Cells | null)[];
}

/** 1,024 neighbours in memory: the last values that each tier has written. */
export interface Block {
  readonly kind: Kind;
  readonly number: number;
  /** What the last raw tick wrote. */
  readonly raw: readonly Cells[];
  readonly coarse: Readonly<Record<CoarseTier, CoarseCells>>;
  /** Tiers whose next tick must be a key block: none has been written by this process. */
  readonly unwritten: Set<Tier>;
}

export function newBlock(kind: Kind, number: number): Block {
  const coarse = (): CoarseCells => ({
    written: planes[kind].map(newCells),
    bucket: planes[kind].map((plane) => (plane.keep === 'last' ? null : newCells(plane))),
  });
  return {
    kind,
    number,
    raw: planes[kind].map(newCells),
    coarse: { tenMinutes: coarse(), minute: coarse() },
    unwritten: new Set(tiers),
  };
}

/** Takes the raw values of a tick into the bucket of a coarser tier. */
export function addToBucket(block: Block, tier: CoarseTier): void {
  for (const [index, plane] of planes[block.kind].entries()) {
    const bucket = block.coarse[tier].bucket[index];
    if (bucket) combine(bucket, block.raw[index]!, plane.keep);
  }
}

/** What a coarser tier writes for a plane when its bucket is over. */
export function bucketCells(block: Block, tier: CoarseTier, plane: number): Cells {
  return block.coarse[tier].bucket[plane] ?? block.raw[plane]!;
}

/** Begins a new bucket. */
export function clearBucket(block: Block, tier: CoarseTier): void {
  for (const [index, plane] of planes[block.kind].entries()) block.coarse[tier].bucket[index]?.fill(absent(plane));
}

/** Keeps in each cell the value that stands for two. None of these fields is ever negative, so a code of 0 is below all others. */
function combine(into: Cells, values: Cells, keep: Keep): void {
  if (keep === 'min') combineLeast(into, values);
  else combineMost(into, values);
}

function combineMost(into: Cells, values: Cells): void {
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot]!;
    const held = into[slot]!;
    if (value > held || Number.isNaN(held)) into[slot] = value;
  }
}

function combineLeast(into: Cells, values: Cells): void {
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot]!;
    const held = into[slot]!;
    const isNone = value === 0 || Number.isNaN(value);
    if (value < held ? !isNone : held === 0 || Number.isNaN(held)) into[slot] = value;
  }
}

/** No value anywhere: every tier has written that its values ended, so the block may be forgotten. */
export function isEmpty(block: Block): boolean {
  const held = [block.raw, ...coarseTiers.flatMap((tier) => [block.coarse[tier].written, block.coarse[tier].bucket])];
  return held.every((list) =>
    planes[block.kind].every((plane, index) => list[index]?.every((cell) => Object.is(cell, absent(plane))) ?? true),
  );
}

/** Forgets the last raw values, as a fresh tick does. */
export function clearRaw(block: Block): void {
  for (const [index, plane] of planes[block.kind].entries()) block.raw[index]!.fill(absent(plane));
}

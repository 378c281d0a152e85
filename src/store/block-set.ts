import { coarseTiers, kindAndBlock, lastAddress, tierStepMs } from './addresses.ts';
import { addToBucket, type Block, clearRaw, isEmpty, newBlock } from './block.ts';
import { decodeBlockPlane, isKeyBlock, keyEvery } from './block-codec.ts';
import { blockSize, type Kind, kinds, planes } from './planes.ts';
import type { EncodedBlock, Ticks } from './ticks.ts';

/** The blocks that hold some value, by kind and number. */
export class BlockSet {
  readonly #blocks: Readonly<Record<Kind, Map<number, Block>>> = {
    partition: new Map(),
    series: new Map(),
    group: new Map(),
  };

  take(kind: Kind, number: number): Block {
    let block = this.#blocks[kind].get(number);
    if (block === undefined) {
      block = newBlock(kind, number);
      this.#blocks[kind].set(number, block);
    }
    return block;
  }

  *[Symbol.iterator](): Iterator<Block> {
    for (const kind of kinds) yield* this.#blocks[kind].values();
  }

  /** Lets go of blocks without values, but for those that are used. */
  forgetEmpty(isUsed: (block: Block) => boolean): void {
    for (const block of this) {
      if (!isUsed(block) && isEmpty(block)) this.#blocks[block.kind].delete(block.number);
    }
  }
}

/**
 * Fills the blocks with what the last raw tick held, and their buckets with the ticks since those began, so that a restart, be
 * it after a kill, costs the coarser tiers nothing. Returns the time of that tick; null: there is none.
 */
export function resumeBlocks(blocks: BlockSet, ticks: Ticks): number | null {
  const last = ticks.last('raw');
  if (last === null) return null;
  const bucketOf = (atMs: number, stepMs: number) => Math.floor(atMs / stepMs);
  const longestMs = Math.max(...Object.values(tierStepMs));
  const first = ticks.firstAt('raw', bucketOf(last.atMs, longestMs) * longestMs) ?? last.id;
  for (const tick of ticks.from('raw', first - keyEvery)) {
    if (tick.fresh) for (const block of blocks) clearRaw(block);
    for (const block of ticks.blocks(tick, 0, lastAddress)) applyBlock(blocks, block);
    for (const tier of coarseTiers) {
      const step = tierStepMs[tier];
      if (bucketOf(tick.atMs, step) !== bucketOf(last.atMs, step)) continue;
      for (const block of blocks) addToBucket(block, tier);
    }
  }
  return last.atMs;
}

function applyBlock(blocks: BlockSet, { address, data }: EncodedBlock): void {
  const { kind, block: number } = kindAndBlock(address);
  const block = blocks.take(kind, number);
  if (isKeyBlock(data)) clearRaw(block);
  for (const index of planes[kind].keys()) decodeBlockPlane(data, index, block.raw[index]!, blockSize - 1);
}

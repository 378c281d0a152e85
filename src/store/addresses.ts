/**
 * Where samples lie. A tick is one moment of one tier; a sample is one block of neighbours at one tick. Both are found by
 * arithmetic on their rowid, so that no second index has to be written each cycle, and the ticks of a tier lie in order.
 */
import { type Kind, kinds } from './planes.ts';

/** From coarse to fine, so that the busiest tier has the highest addresses: SQLite appends cheaply at the end of a table. */
export const tiers = ['tenMinutes', 'minute', 'raw'] as const;
export type Tier = (typeof tiers)[number];

/** Width of a tier's bucket; every cycle is a tick of the raw tier. */
export const tierStepMs = { tenMinutes: 600_000, minute: 60_000 } as const;
export type CoarseTier = keyof typeof tierStepMs;
export const coarseTiers: readonly CoarseTier[] = ['tenMinutes', 'minute'];

const ticksPerTier = 2 ** 31;
const blocksPerKind = 2 ** 18;
const blocksPerTick = 2 ** 20;

/** First and last possible tick ID of a tier. */
export function tickRange(tier: Tier): { first: number; last: number } {
  const first = tiers.indexOf(tier) * ticksPerTier;
  return { first, last: first + ticksPerTier - 1 };
}

/** Address of a block among the blocks of a tick. */
export function blockAddress(kind: Kind, block: number): number {
  return kinds.indexOf(kind) * blocksPerKind + block;
}

/** First and last address of a kind's blocks. */
export function addressRange(kind: Kind): { first: number; last: number } {
  return { first: blockAddress(kind, 0), last: blockAddress(kind, blocksPerKind - 1) };
}

export const lastAddress = blocksPerTick - 1;

export function kindAndBlock(address: number): { kind: Kind; block: number } {
  return { kind: kinds[Math.floor(address / blocksPerKind)]!, block: address % blocksPerKind };
}

/** At most 3 * 2^51: exact in a double. */
export function sampleId(tickId: number, address: number): number {
  return tickId * blocksPerTick + address;
}

/** First and last possible sample ID of a tick. */
export function sampleRange(tickId: number): { first: number; last: number } {
  return { first: sampleId(tickId, 0), last: sampleId(tickId + 1, 0) - 1 };
}

/** The block address of a sample. */
export function addressOf(id: number): number {
  return id % blocksPerTick;
}

/** `tick.id` to the ID of its sample in a block, in SQL; the parameter is the block address. */
export const sampleIdSql = `tick.id * ${blocksPerTick} + ?`;
